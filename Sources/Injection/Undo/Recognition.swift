internal import ManifestText

/// Tells whether a value is one that a record names by its digest, whatever an API server has made of it since.
struct Recognition {
  let version: InjectionRecord.Version
  let place: PodPlace
  /// The keys of entries that do not count, wherever they are.
  var omitted: [String] = []
  /// True in a pod as a cluster has it, to which admission has added its own.
  var isAdmitted = false

  /// The digest that a record has of a value as it is.
  func digest(of value: Value) -> Digest {
    switch version {
    case .first: FirstDigest(value).digest
    case .current: Digest(value, at: place, omitting: omitted)
    }
  }

  /// Takes longer, where the digest is one of a spelling that is gone.
  func recognizes(_ value: Value, _ digest: Digest) -> Bool {
    switch version {
    case .first: FirstDigest(value).matches(digest)
    case .current: self.digest(of: value) == digest || admitted(value)?.matches(digest) ?? false
    }
  }

  private func admitted(_ value: Value) -> AdmittedContainer? {
    isAdmitted ? AdmittedContainer(value, at: place) : nil
  }
}
