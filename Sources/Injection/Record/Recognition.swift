internal import ManifestText

/// Tells whether a value is one that a record names by its digest, whatever an API server has made of it since.
struct Recognition {
  let version: InjectionRecord.Version
  let place: PodPlace

  /// A value, by what it can be recognised.
  enum Known {
    case first(FirstDigest)
    case current(Digest)

    func matches(_ digest: Digest) -> Bool {
      switch self {
      case .first(let own): own.matches(digest)
      case .current(let own): own == digest
      }
    }

    /// Takes longer, where the digest is one of a spelling that is gone.
    func matchesSpelling(_ digest: Digest) -> Bool {
      switch self {
      case .first(let own): own.matchesSpelling(digest)
      case .current: false
      }
    }
  }

  func known(_ value: Value) -> Known {
    switch version {
    case .first: .first(FirstDigest(value))
    case .current: .current(Digest(value, at: place))
    }
  }

  func recognizes(_ value: Value, _ digest: Digest) -> Bool {
    let known = known(value)
    return known.matches(digest) || known.matchesSpelling(digest)
  }
}
