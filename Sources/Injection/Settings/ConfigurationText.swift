internal import ManifestText

/// A configuration as a file that can be read again.
package struct ConfigurationText {
  private let configuration: Configuration
  private var lines: [String] = []
  /// The groups whose keys the next line stands below.
  private var groups: [String] = []

  private init(_ configuration: Configuration) { self.configuration = configuration }

  /// The column that trailing comments begin at, where the line leaves room.
  private static let commentColumn = 44

  /// Every setting in force, with a comment that says where it comes from.
  ///
  /// `webhookConfiguration` names what takes the built-in containers' place, where something does.
  package static func view(_ configuration: Configuration, webhookConfiguration: String? = nil) -> String {
    var text = ConfigurationText(configuration)
    if let webhookConfiguration {
      text.comment(
        "Containers, volumes and templates come from --webhook-config \(onOneLine(webhookConfiguration)).")
    }
    for row in SettingSchema.rows {
      let isUnused = webhookConfiguration != nil && row.purpose == .builtInContainers
      text.enter(row)
      text.line(text.entry(row), origin: configuration.origin(of: row.path), isUnused: isUnused)
    }
    text.addPodPaths()
    return text.joined
  }

  /// A file to start from: what each setting does, and its value, commented out where it is the built-in one.
  package static func export(_ configuration: Configuration) -> String {
    var text = ConfigurationText(configuration)
    text.comment(
      "Settings of kubectl-vault-inject. Save this as .vault-inject.yaml in the folder it is run in, or in one")
    text.comment("above, or name it with --config. Lines with a `# ` before the key show what is built in.")
    for row in SettingSchema.rows {
      text.addBlankLine(before: row)
      text.enter(row)
      text.comment(row.summary + text.choices(of: row))
      let isBuiltIn = configuration.origin(of: row.path) == .builtIn
      text.lines.append(text.indentation + (isBuiltIn ? "# " : "") + text.entry(row))
    }
    text.exportPodPaths()
    return text.joined
  }

  private var joined: String { lines.joined(separator: "\n") + "\n" }
  private var indentation: String { String(repeating: "  ", count: groups.count) }

  /// Writes the headings of the groups that a setting is in and the one before it was not.
  private mutating func enter(_ setting: Setting) {
    let wanted = Array(setting.keys.dropLast())
    let common = zip(groups, wanted).prefix { $0 == $1 }.count
    groups = Array(wanted.prefix(common))
    for group in wanted.dropFirst(common) {
      lines.append("\(indentation)\(group):")
      groups.append(group)
    }
  }

  private func entry(_ setting: Setting) -> String {
    "\(setting.keys.last ?? ""): \(spelled(setting.read(configuration.values), as: setting.shape))"
  }

  private mutating func line(_ entry: String, origin: Configuration.Origin, isUnused: Bool = false) {
    let line = indentation + entry
    let gap = max(2, ConfigurationText.commentColumn - line.count)
    let unused = isUnused ? ", not used by --webhook-config" : ""
    lines.append(
      "\(line)\(String(repeating: " ", count: gap))# \(ConfigurationText.onOneLine(origin.description))\(unused)"
    )
  }

  /// A file's name may hold what would end a comment, or what YAML does not allow in one.
  private static func onOneLine(_ text: String) -> String { VisibleText.spelt(text) }

  private func spelled(_ value: Value, as shape: SettingShape) -> String {
    if shape != .boolean, value == SettingShape.off { return "off" }
    return YAMLWriter.inline(value)
  }

  // MARK: Pod paths

  private mutating func addPodPaths() {
    groups = []
    let podPaths = configuration.values.podPaths
    if podPaths.isEmpty { return line("\(SettingSchema.podPaths): {}", origin: .builtIn) }
    lines.append("\(SettingSchema.podPaths):")
    groups = [SettingSchema.podPaths]
    for setting in podPaths {
      line(ConfigurationText.entry(setting), origin: configuration.origin(of: setting.settingPath))
    }
  }

  private static func entry(_ setting: PodPathSetting) -> String {
    let paths = setting.paths.map(Value.string)
    let value = paths.count == 1 ? paths[0] : .array(paths)
    return "\(YAMLWriter.inline(.string(setting.name))): \(YAMLWriter.inline(value))"
  }

  // MARK: Comments

  private mutating func comment(_ text: String) { lines.append("\(indentation)# \(text)") }

  /// Sets groups apart, and settings that are in none.
  private mutating func addBlankLine(before setting: Setting) {
    if groups.first != setting.keys.first || setting.keys.count == 1 { lines.append("") }
  }

  private func choices(of setting: Setting) -> String {
    switch setting.shape {
    case .choice(let choices), .suggestion(let choices):
      " One of \(choices.filter { !$0.isEmpty }.joined(separator: ", "))."
    case .text, .boolean, .integer, .optionalInteger, .id, .list: ""
    }
  }

  private mutating func exportPodPaths() {
    groups = []
    lines.append("")
    comment(
      "Where further kinds keep their pod templates; [*] is every element of a list or map. An example:")
    comment("  \(SettingSchema.podPaths):")
    comment("    example.com/Widget: spec.template")
    comment("    example.com/Pipeline: [\"spec.tasks[*].template\", \"spec.finally.template\"]")
    if configuration.values.podPaths.isEmpty { return comment("\(SettingSchema.podPaths): {}") }
    lines.append("\(SettingSchema.podPaths):")
    groups = [SettingSchema.podPaths]
    for setting in configuration.values.podPaths {
      lines.append(indentation + ConfigurationText.entry(setting))
    }
  }
}
