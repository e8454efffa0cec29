internal import Output
internal import ManifestText
internal import Platform

/// Findings about the options that name a configuration.
extension Diagnostic {
  static func emptyOption(_ option: String) -> Diagnostic {
    Diagnostic(
      rule: .emptyOption, message: "the value of \(option) is empty",
      hint: "a variable may be empty; leave the option out for what is built in")
  }

  static func optionIsNotText(_ option: String, _ text: String) -> Diagnostic {
    Diagnostic(
      rule: .encoding, message: "the value of \(option) is not UTF-8 text: `\(FilePath.shown(text))`",
      hint: "use a terminal, or save the script, in UTF-8")
  }

  /// The file's name stands before the sentence.
  static func foreignConfiguration(_ path: String, _ fault: String) -> Diagnostic {
    Diagnostic(
      rule: .foreignConfiguration, message: "this configuration file \(fault), and is not used unasked",
      hint: "look at what it sets; name it to use it all the same: --config \(path)")
  }

  static func foreignConfigurationIgnored(_ fault: String) -> Diagnostic {
    Diagnostic(
      as: .warning, rule: .foreignConfiguration,
      message: "this configuration file \(fault), and is not used beside the one of --config")
  }
}
