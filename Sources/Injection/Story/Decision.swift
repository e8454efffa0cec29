/// Something about an injection that was decided, and what decided it.
package struct Decision: Equatable, Sendable {
  /// What decided: the pod, the configuration, or nobody.
  package enum Source: Equatable, Sendable {
    /// An annotation, by its full key, and where its value stands.
    case annotation(String, at: Range<Int>)
    /// A label of the pod.
    case label(String)
    /// A field of the pod, and where it stands.
    case field(String, at: Range<Int>?)
    /// A setting, by its path, as the dialect of the story uses it.
    case setting(String)
    /// The configuration of a webhook.
    case webhook
    /// What holds where nobody says anything, in words.
    case usual(String)

    /// Where the text is that decided; nil where no text did.
    package var range: Range<Int>? {
      switch self {
      case .annotation(_, let range): range
      case .field(_, let range): range
      case .label, .setting, .webhook, .usual: nil
      }
    }
  }

  /// What was decided, such as `role`.
  package let subject: String
  /// What came of it.
  package let value: String
  package var source: Source

  init(_ subject: String, _ value: String, by source: Source) {
    (self.subject, self.value, self.source) = (subject, value, source)
  }

  /// Where the text is that decided; nil where no text did.
  package var range: Range<Int>? {
    get { source.range }
    set {
      switch source {
      case .annotation(let key, let range): source = .annotation(key, at: newValue ?? range)
      case .field(let path, _): source = .field(path, at: newValue)
      case .label, .setting, .webhook, .usual: break
      }
    }
  }
}
