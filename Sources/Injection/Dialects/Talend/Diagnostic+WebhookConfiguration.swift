internal import ManifestText

/// What is said about a webhook's configuration that cannot be used.
extension Diagnostic {
  private static let fileNames = TalendConfiguration.File.allCases.map(\.rawValue).joined(separator: ", ")

  static func missingWebhookFile(_ file: TalendConfiguration.File, range: Range<Int>? = nil) -> Diagnostic {
    Diagnostic(
      rule: "webhook-config", message: "the webhook's configuration has no \(file.rawValue)",
      hint: "all five are needed: \(fileNames)", range: range)
  }

  static func unknownPlaceholder(_ found: String, known: [String], range: Range<Int>) -> Diagnostic {
    let accepted =
      known.isEmpty ? "this file has no placeholders" : "this file knows \(known.joined(separator: ", "))"
    let nearest = NearestName.nearest(to: found, among: known).map { "did you mean \($0)? " } ?? ""
    return Diagnostic(
      rule: "webhook-config", message: "nothing replaces the placeholder \(found) here",
      hint: nearest + accepted, range: range)
  }

  static func webhookShape(
    _ what: String, _ found: String, _ wanted: String, range: Range<Int>
  ) -> Diagnostic {
    Diagnostic(
      rule: "webhook-config", message: "\(what) is \(found)", hint: "it has to be \(wanted)", range: range)
  }

  static func webhookObjectWithoutName(_ list: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: "webhook-config", message: "an element of \(list) has no name",
      hint: "every container, volume, variable and mount has one", range: range)
  }

  // MARK: The ConfigMap

  static var noWebhookConfigMap: Diagnostic {
    Diagnostic(
      rule: "webhook-config", message: "holds no ConfigMap with the key injectionconfig.yaml",
      hint: "pass the ConfigMap the injector's chart installs, or a folder with \(fileNames)")
  }

  static func twoWebhookConfigMaps(_ first: String, _ second: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: "webhook-config",
      message: "`\(second)` is the second ConfigMap with the key injectionconfig.yaml, after `\(first)`",
      hint: "pass a file with only the one to use", range: range)
  }
}
