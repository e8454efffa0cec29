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
    for line in Line.all(of: configuration) {
      text.enter(line.setting)
      text.line(line.entry, line.remark + (line.isIdle && webhookConfiguration != nil ? notUsed : ""))
    }
    text.addPodPaths()
    return text.joined
  }

  /// A file to start from: what each setting does, and its value, commented out where it is the built-in one.
  package static func export(_ configuration: Configuration) -> String {
    var text = ConfigurationText(configuration)
    text.comment(
      "Settings of kubectl-vault-inject. Save this as .vault-inject.yaml in the folder of the manifests, or in one")
    text.comment("above, or name it with --config. Lines with a `# ` before the key show what is built in.")
    text.comment("`extends: FILE` adds to another file; `overrides: [{paths: [], namespaces: [], SETTINGS}]` has other")
    text.comment("settings for some files and namespaces.")
    for line in Line.all(of: configuration) {
      text.addBlankLine(before: line.setting)
      text.enter(line.setting)
      text.comment(line.setting.summary + text.choices(of: line.setting))
      text.lines.append(text.indentation + (line.isSet ? "" : "# ") + line.entry)
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

  private mutating func line(_ entry: String, _ remark: String) {
    let line = indentation + entry
    let gap = max(2, ConfigurationText.commentColumn - line.count)
    lines.append("\(line)\(String(repeating: " ", count: gap))# \(ConfigurationText.onOneLine(remark))")
  }

  private static let notUsed = ", not used by --webhook-config"

  /// A file's name may hold what would end a comment, or what YAML does not allow in one.
  private static func onOneLine(_ text: String) -> String { VisibleText.spelt(text) }

  // MARK: Pod paths

  private mutating func addPodPaths() {
    groups = []
    let podPaths = configuration.podPaths
    if podPaths.isEmpty { return line("\(SettingSchema.podPaths): {}", "\(Configuration.Origin.builtIn)") }
    lines.append("\(SettingSchema.podPaths):")
    groups = [SettingSchema.podPaths]
    for setting in podPaths {
      line(ConfigurationText.entry(setting), "\(configuration.origin(of: setting.settingPath))")
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
    case .text, .boolean, .integer, .optionalInteger, .id, .list, .rules, .entrypoints, .imageConfigs: ""
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
    if configuration.podPaths.isEmpty { return comment("\(SettingSchema.podPaths): {}") }
    lines.append("\(SettingSchema.podPaths):")
    groups = [SettingSchema.podPaths]
    for setting in configuration.podPaths {
      lines.append(indentation + ConfigurationText.entry(setting))
    }
  }
}

/// A setting with its value.
private struct Line {
  let setting: Setting
  private let value: Value
  /// True where it was set under this name.
  let isSet: Bool
  /// Where the value comes from.
  let remark: String
  /// True where it shapes only what the configuration of a webhook takes the place of.
  let isIdle: Bool

  /// The common settings, and those of the dialects that say something else.
  static func all(of configuration: Configuration) -> [Line] {
    let common = CommonSettings.rows.map { Line($0, in: configuration) }
    let own = SettingSchema.owned.filter { setting in
      SettingSchema.isListed(setting) || configuration.source(of: setting) == setting.own.path
    }
    return common + own.map { Line($0, in: configuration) }
  }

  private init(_ row: Setting, in configuration: Configuration) {
    let origin = configuration.origin(of: row.path)
    (setting, value, isSet, remark) = (row, configuration.value(of: row), origin != .builtIn, "\(origin)")
    isIdle = SettingSchema.users(of: row.path).contains(where: \.shapesBuiltInContainers)
  }

  private init(_ own: DialectSetting, in configuration: Configuration) {
    let source = configuration.source(of: own)
    (setting, value, isSet) = (own.own, configuration.value(of: own), source == own.own.path)
    let isCommon = source != nil && !isSet
    remark = isCommon ? "as \(source ?? "")" : "\(configuration.origin(of: own.own.path))"
    isIdle = own.shapesBuiltInContainers
  }

  /// `KEY: VALUE`.
  var entry: String {
    let isOff = setting.shape != .boolean && value == SettingShape.off
    return "\(setting.keys.last ?? ""): \(isOff ? "off" : YAMLWriter.inline(value))"
  }
}
