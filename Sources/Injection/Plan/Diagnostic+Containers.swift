internal import ManifestText

/// What is said about containers that are to be injected.
extension Diagnostic {
  static func mountPathTwice(_ container: String, _ path: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .mountPathTwice, message: "the container `\(container)` would mount two volumes at \(path)",
      hint: "the API server takes one mount at a path: choose another folder for one of the two", range: range)
  }

  static func requestOverLimit(
    as severity: Severity?, _ container: String, _ resource: String, _ request: String, _ limit: String,
    at range: Range<Int>?
  ) -> Diagnostic {
    Diagnostic(
      as: severity, rule: .requestOverLimit,
      message: "`\(container)` asks for \(request) of \(resource), and may take \(limit) at most",
      hint:
        "the API server refuses that: lower the request, raise the limit, or leave the limit out with an empty text",
      range: range)
  }

  static func negativeAmount(
    _ container: String, _ list: String, _ resource: String, _ amount: String, at range: Range<Int>?
  ) -> Diagnostic {
    Diagnostic(
      rule: .refusedValue, message: "`\(container)` has \(list) of \(resource) below zero: \(amount)",
      hint: "the API server refuses that: leave the sign out", range: range)
  }

  static func memoryTooSmall(_ container: String, _ amount: String, at range: Range<Int>?) -> Diagnostic {
    let meant = amount.hasSuffix("m") ? ": did you mean \(amount.dropLast())Mi?" : ""
    return Diagnostic(
      rule: .memoryTooSmall, message: "`\(container)` may take \(amount) of memory, which is less than 1Mi\(meant)",
      hint: "no container starts with that; an agent takes 64Mi or more", range: range)
  }

  static func unfitName(_ what: String, _ name: String, _ accepted: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .unfitName, message: "the API server takes no \(what) called `\(name)`", hint: "use \(accepted)",
      range: range)
  }
}
