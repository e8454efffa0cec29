/// The settings about findings, whatever the dialect.
package struct LintSettings: DialectSettings {
  /// The names of the rules whose findings are dropped.
  var ignore: [String] = []

  package static let dialect = "lint"

  package static let uses: [SettingUse<LintSettings>] = [
    .own(
      "lint.ignore", .rules, \.ignore, "The rules whose findings are dropped; explain rule lists them.")
  ]

  package init() {}
}
