internal import ManifestText

/// Tells whether a value is one that a record names by its digest, whatever an API server has made of it since.
struct Recognition {
  let version: InjectionRecord.Version
  let place: PodPlace
  /// True in a pod as a cluster has it, to which admission has added its own.
  var isAdmitted = false

  /// A value, by what it can be recognised.
  enum Known {
    case first(FirstDigest)
    case current(Digest, AdmittedContainer?)

    func matches(_ digest: Digest) -> Bool {
      switch self {
      case .first(let own): own.matches(digest)
      case .current(let own, _): own == digest
      }
    }

    /// Takes longer, where the digest is one of a spelling that is gone.
    func matchesSpelling(_ digest: Digest) -> Bool {
      switch self {
      case .first(let own): own.matchesSpelling(digest)
      case .current(_, let admitted): admitted?.matches(digest) ?? false
      }
    }
  }

  func known(_ value: Value) -> Known {
    switch version {
    case .first: .first(FirstDigest(value))
    case .current:
      .current(Digest(value, at: place), isAdmitted ? AdmittedContainer(value, at: place) : nil)
    }
  }

  func recognizes(_ value: Value, _ digest: Digest) -> Bool {
    let known = known(value)
    return known.matches(digest) || known.matchesSpelling(digest)
  }
}
