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

  /// A rule that does not exist, or is about something other than what manifests say.
  static func notIgnorable(_ name: String, in origin: String) -> Diagnostic {
    let isFault = Rule.all.contains { $0.id == name }
    let nearest = NearestName.nearest(to: name, among: Rule.ignorable.map(\.id)).map { "did you mean `\($0)`? " } ?? ""
    return Diagnostic(
      rule: .usage,
      message: isFault
        ? "\(origin) cannot drop `\(name)`: it is why something cannot be done"
        : "\(origin) names the rule `\(name)`, which does not exist",
      hint: nearest + "`explain rule` lists those there are")
  }
}
