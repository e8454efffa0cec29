internal import ManifestText

/// Why an injection cannot be taken out again.
extension Diagnostic {
  static func injectedWasChanged(_ what: String, _ recordKey: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: "injected-changed", message: what,
      hint: "put it back as it was and make the change in the configuration or the annotations; or take out by hand "
        + "all that was injected, with the annotation \(recordKey)",
      range: range)
  }

  static func recordDamaged(_ recordKey: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: "record-damaged",
      message: "the annotation `\(recordKey)` was changed by hand, so it no longer tells what was injected here",
      hint: "put it back as it was, from the file's history for instance; or take out by hand all that was injected, "
        + "with this annotation",
      range: range)
  }

  static func recordTooNew(_ recordKey: String, _ version: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: "record-version",
      message: "the annotation `\(recordKey)` is of version \(version), which this program does not know",
      hint: "use the release that injected this, or a later one", range: range)
  }

  static func injectedWithoutRecord(_ statusKey: String, _ recordKey: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: "no-record",
      message: "`\(statusKey)` says this pod was injected, and nothing says what was there before",
      hint: "only what was injected by this program without --exact can be undone: it leaves the annotation "
        + "\(recordKey) behind",
      range: range)
  }
}
