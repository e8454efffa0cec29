package import ManifestText

/// The settings in force, and where each of them comes from.
///
/// What is set later wins, so sources are to be read in the order of their precedence: files first, then the
/// command line.
package struct Configuration: Equatable, Sendable {
  /// Every value that can be set; a dialect adds its own settings here, and their rows to `SettingSchema`.
  package struct Values: Equatable, Sendable {
    package var talend = TalendSettings()
    package var hashicorp = HashiCorpSettings()
    /// Where further kinds keep their pod templates; no kind is named twice.
    package var podPaths: [PodPathSetting] = []

    package init() {}
  }

  /// Where a value was set.
  package enum Origin: Equatable, Sendable {
    case builtIn
    case file(Location)
    /// An option of the command line, as `--set` or `--vault-addr`.
    case option(String)
  }

  package private(set) var values = Values()
  private(set) var origins: [String: Origin] = [:]

  /// The configuration that is in force where nobody sets anything.
  package init() {}

  /// Where the value of a setting comes from; each kind of `podPaths` has an origin of its own.
  package func origin(of path: String) -> Origin { origins[path] ?? .builtIn }

  mutating func set(_ setting: Setting, to value: Value, from origin: Origin) {
    setting.write(&values, value)
    origins[setting.path] = origin
  }

  /// Puts a kind's pod paths in force, in place of those it had.
  mutating func set(_ podPaths: PodPathSetting, from origin: Origin) {
    if let index = values.podPaths.firstIndex(where: { $0.name == podPaths.name }) {
      values.podPaths[index] = podPaths
    } else {
      values.podPaths.append(podPaths)
    }
    origins[podPaths.settingPath] = origin
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
