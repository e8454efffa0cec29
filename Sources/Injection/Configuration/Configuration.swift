package import ManifestText

/// The settings in force, and where each of them comes from.
///
/// What is set later wins, so sources are to be read in the order of their precedence: files first, then the
/// command line. What is set for one dialect alone wins over what is set for all, unless a file sets the one and an
/// option the other.
package struct Configuration: Equatable, Sendable {
  /// Where a value was set.
  package enum Origin: Equatable, Sendable {
    case builtIn
    case file(Location)
    /// An option of the command line, as `--set` or `--vault-addr`.
    case option(String)
  }

  /// What somebody set.
  private struct Assignment: Equatable, Sendable {
    var value: Value
    var origin: Origin
  }

  /// By the names the values are kept under.
  private var assignments: [String: Assignment] = [:]
  /// Where further kinds keep their pod templates; no kind is named twice.
  package private(set) var podPaths: [PodPathSetting] = []
  private var podPathOrigins: [String: Origin] = [:]

  /// The configuration that is in force where nobody sets anything.
  package init() {}

  /// True where no setting was set.
  var isBuiltIn: Bool { assignments.isEmpty }

  /// Where the value of a setting comes from; each kind of `podPaths` has an origin of its own.
  package func origin(of path: String) -> Origin {
    assignments[path]?.origin ?? podPathOrigins[path] ?? .builtIn
  }

  /// The value of a common setting, for the dialects in which nothing else is set.
  func value(of common: Setting) -> Value { assignments[common.path]?.value ?? SettingSchema.builtIn(common.path) }

  /// The text of a common setting, for the dialects in which nothing else is set; nil where there is no such setting.
  package func text(of path: String) -> String? { CommonSettings.row(at: path).flatMap { value(of: $0).string } }

  /// The value of a dialect's setting, as it spells it.
  func value(of setting: DialectSetting) -> Value { assigned(setting) ?? setting.builtIn }

  /// The name under which a dialect's setting was set, its own or the common one; nil where it is the built-in one.
  func source(of setting: DialectSetting) -> String? {
    [setting.own.path, setting.common].compactMap(\.self).first { assignments[$0] != nil }
  }

  /// True where somebody set a common setting that has no other name for a dialect: for it alone, or for all.
  func sets(_ path: String, for dialect: String) -> Bool {
    assignments[path] != nil || assignments["\(dialect).\(path)"] != nil
  }

  /// Where a dialect's setting, named by the common path or its own, was decided: the name it was set under, and where.
  package func provenance(of path: String, in dialect: String) -> (path: String, origin: Origin) {
    let setting = SettingSchema.ofDialects.first {
      $0.dialect == dialect && ($0.common == path || $0.own.path == path)
    }
    let name = setting.flatMap(source) ?? path
    return (name, origin(of: name))
  }

  /// What was set for the dialect alone, or else for all; nil where nothing was.
  private func assigned(_ setting: DialectSetting) -> Value? {
    if let own = assignments[setting.own.path] { return own.value }
    return setting.common.flatMap { assignments[$0] }.map { setting.ownValue($0.value) }
  }

  /// A dialect's settings, with everything that was set.
  package func settings<Settings: DialectSettings>(_ type: Settings.Type = Settings.self) -> Settings {
    var settings = Settings()
    if isBuiltIn { return settings }
    for (use, setting) in zip(Settings.uses, Settings.settings) {
      if let value = assigned(setting) { use.write(&settings, value) }
    }
    return settings
  }

  /// The rules whose findings are dropped.
  package var ignoredRules: [String] { settings(LintSettings.self).ignore }

  /// Takes over what was written as a setting's value.
  mutating func set(_ setting: NamedSetting, to value: Value, from origin: Origin) {
    assignments[setting.path] = Assignment(value: setting.translated(value), origin: origin)
    guard case .option = origin else { return }
    for path in SettingSchema.users(of: setting.path).map(\.own.path) where path != setting.path {
      if case .file = self.origin(of: path) { assignments[path] = nil }
    }
  }

  /// Changes the paths of images' configurations.
  mutating func changeImagePaths(_ change: (String) -> String) {
    for (name, assignment) in assignments {
      guard case .array(let entries) = assignment.value, SettingSchema.setting(at: name)?.shape == .imageConfigs else {
        continue
      }
      assignments[name]?.value = .array(entries.map { .string(ImageEntry.text($0.string ?? "", withPath: change)) })
    }
  }

  /// The entries that tell of images, in any dialect, with where each list was set.
  package var imageConfigs: [(entry: String, origin: Origin)] {
    // To look for the settings takes a third of what one manifest does.
    if isBuiltIn { return [] }
    return SettingSchema.users(of: "imageConfigs").flatMap { setting in
      (value(of: setting).array ?? []).compactMap { entry in
        entry.string.map { ($0, source(of: setting).map(origin) ?? .builtIn) }
      }
    }
  }

  /// Takes over everything that others set.
  mutating func take(_ other: Configuration) {
    assignments.merge(other.assignments) { $1 }
    for kind in other.podPaths { set(kind, from: other.origin(of: kind.settingPath)) }
  }

  /// Puts a kind's pod paths in force, in place of those it had.
  mutating func set(_ kind: PodPathSetting, from origin: Origin) {
    if let index = podPaths.firstIndex(where: { $0.name == kind.name }) {
      podPaths[index] = kind
    } else {
      podPaths.append(kind)
    }
    podPathOrigins[kind.settingPath] = origin
  }
}

extension Configuration.Origin: CustomStringConvertible {
  /// `built in`, `FILE:LINE:COLUMN` or the option.
  package var description: String {
    switch self {
    case .builtIn: "built in"
    case .file(let location): location.description
    case .option(let name): name
    }
  }
}

/// Every dialect there is.
package enum Dialects {
  /// In the order they are asked and documented.
  package static let all: [any ConfigurableDialect.Type] = [
    TalendDialect.self, HashiCorpDialect.self, OpenBaoDialect.self,
  ]

  /// What they are called on the command line.
  package static var names: [String] { all.map { $0.name } }

  /// Those that are spoken with these settings: the one that is asked for, or every one whose pods are its own.
  package static func spoken(_ name: String?, _ configuration: Configuration) -> [any ConfigurableDialect.Type] {
    if let name { return all.filter { $0.name == name } }
    let replaced = all.flatMap { $0.replaced(with: configuration) }
    return all.filter { dialect in !replaced.contains { $0 == dialect } }
  }

  /// Whose annotations the dialects of some names read, in order.
  static func injectors(of names: [String]) -> [String] { all.filter { names.contains($0.name) }.map { $0.injector } }
}

extension ConfigurableDialect {
  /// What the dialect is called on the command line.
  package static var name: String { OperatorSettings.dialect }

  /// The dialects that are not spoken beside it with the settings in force.
  fileprivate static func replaced(with configuration: Configuration) -> [any ConfigurableDialect.Type] {
    let settings: OperatorSettings = configuration.settings()
    return Dialects.all.filter { replaces($0, with: settings) }
  }

  /// The settings it uses.
  static var settings: [DialectSetting] { OperatorSettings.settings }

  /// The dialect with the settings in force.
  package init(_ configuration: Configuration, _ options: DialectOptions) {
    var options = options
    options.choosesAddress = configuration.sets("vault.address", for: Self.name)
    self.init(configuration.settings(), options)
  }
}
