internal import ManifestText

/// What is said about values.
extension Diagnostic {
  /// A value that its reader in the pod does not take, or takes otherwise than it looks; nil where there is nothing to
  /// say.
  static func unfit(_ text: String, _ shape: ValueShape, of name: String, at range: Range<Int>?) -> Diagnostic? {
    guard !shape.accepts(text) else { return nil }
    // What stands before an @ may be a password.
    let meant = ByteText.holds(text, "@") ? "" : shape.suggestion(for: text).map { "did you mean `\($0)`? " } ?? ""
    switch shape {
    case .line, .path:
      return Diagnostic(
        rule: .spacesAroundValue, message: "`\(name)` has white space before or after its value\(shape.effect)",
        hint: "write `\(ValueShape.trimmed(text))`", range: range)
    case .port where ServiceName.isOne(text):
      return Diagnostic(
        as: .warning, rule: .refusedValue,
        message: "`\(name)` is `\(text)`, with which the agent starts only where its image knows a service of that "
          + "name",
        hint: "write the number of a port, such as `8200`", range: range)
    case .address where URLText(text).holdsCredentials:
      var finding = Diagnostic(
        rule: .refusedValue, message: "`\(name)` is an address with a user name or password, \(shape.effect)",
        hint: "it has to be \(shape.accepted)", range: range)
      finding.hidesText = true
      return finding
    default:
      return Diagnostic(
        rule: .refusedValue, message: "`\(name)` is `\(text)`, \(shape.effect)",
        hint: "\(meant)it has to be \(shape.accepted)", range: range)
    }
  }

  /// A user name or password that whoever reads the manifest reads; nothing of it is shown.
  static func credentialsInAddress(
    _ name: String, of owner: String? = nil, at range: Range<Int>?
  ) -> Diagnostic {
    let subject = "`\(name)`\(owner.map { " of \($0)" } ?? "")"
    var finding = Diagnostic(
      rule: .credentialsInAddress,
      message: "\(subject) is an address with a user name or password, which every reader of the manifest sees",
      hint: "leave out what stands before the @", range: range)
    finding.hidesText = true
    return finding
  }
}

extension ValueShape {
  /// What comes of a value that is not accepted.
  fileprivate var effect: String {
    switch self {
    case .verbatim: ""
    case .line: ", and it counts"
    case .path: ", which only the agent overlooks"
    case .address: "with which no agent reaches Vault"
    case .objectName: "which is the name of no object"
    case .userID: "which the API server refuses"
    default: "with which the agent does not start"
    }
  }
}
