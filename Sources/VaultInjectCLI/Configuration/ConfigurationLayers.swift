internal import Injection
internal import ManifestText
internal import Output
internal import Platform

/// A configuration file and where it is.
struct ConfigurationSource: Sendable {
  let file: SettingsFile
  let path: String
}

/// The configuration files that count in a folder, each winning over those before it.
struct ConfigurationLayers {
  /// A file, and the folder its paths are seen from; nil where that is gone.
  private typealias Layer = (file: SettingsFile, folder: String?)

  /// More files than anybody has extend one another.
  private static let mostExtended = 100

  private let search: ConfigurationSearch
  /// What files hold that are read as if they had been written, by their paths without links.
  private let edited: [String: [UInt8]]
  private var layers: [Layer] = []
  /// What there is to say about the files.
  var findings: [FileDiagnostic] = []

  init(_ search: ConfigurationSearch, edited: [String: [UInt8]]) { (self.search, self.edited) = (search, edited) }

  /// The files with the paths they were read from, in the order they are read.
  var sources: [ConfigurationSource] {
    layers.map { file, folder in
      let path = folder.map { $0.joined(FilePath.name(of: file.source.name)) }
      return ConfigurationSource(file: file, path: path ?? file.source.name)
    }
  }

  /// What the files are called, in the order they are read.
  var names: [String] { layers.map(\.file.source.name) }

  /// Adds a file that was found, after those it extends.
  /// - Throws: A `Fault` where one of them cannot be read, is not accepted, or is not to be trusted.
  mutating func add(_ found: ConfigurationFile) throws(Fault) { try add(found.source, in: found.folder) }

  /// Adds a file in a folder, after those it extends.
  mutating func add(_ source: SourceText, in folder: String?) throws(Fault) {
    try add(source, in: folder, extending: [])
  }

  private mutating func add(_ source: SourceText, in folder: String?, extending paths: [String]) throws(Fault) {
    let file: SettingsFile
    let own = folder.map { $0.joined(FilePath.name(of: source.name)) }
    let source = edited(own).map { SourceText(name: source.name, bytes: $0) } ?? source
    do throws(Diagnostic) {
      file = try SettingsFile(source)
    } catch {
      throw Fault(.refused, in: source, error)
    }
    if let fault = file.faults.first {
      throw Fault(.refused, in: source, fault, and: Array(file.faults.dropFirst()))
    }
    if let extended = file.extended {
      try add(extended, of: source, in: folder ?? ".", extending: paths + [own].compactMap(\.self))
    }
    if let folder { note(file, in: folder) }
    let seen = file.withImagePaths { path in
      guard let folder, path.utf8.first != UInt8(ascii: "/") else { return path }
      return search.name(of: FilePath.resolved(folder.joined(path)) ?? folder.joined(path))
    }
    layers.append((seen, folder))
  }

  private func edited(_ path: String?) -> [UInt8]? {
    edited.isEmpty ? nil : path.flatMap(FilePath.resolved).flatMap { edited[$0] }
  }

  /// Adds the file that another one extends, unless that leads in a circle or out of the repository.
  private mutating func add(
    _ extended: SettingsFile.Extended, of source: SourceText, in folder: String, extending paths: [String]
  ) throws(Fault) {
    func refusal(_ kind: Fault.Kind, _ diagnostic: Diagnostic) -> Fault { Fault(kind, in: source, diagnostic) }
    let named = extended.path.utf8.first == UInt8(ascii: "/") ? extended.path : folder.joined(extended.path)
    guard let path = FilePath.resolved(named) else {
      throw refusal(.missing, .missingExtended(extended))
    }
    guard (try? FileStatus(of: path).kind) == .file else { throw refusal(.refused, .extendsNoFile(extended)) }
    if paths.contains(path) { throw refusal(.refused, .extendsItself(extended, search.name(of: path))) }
    if paths.count >= ConfigurationLayers.mostExtended {
      throw refusal(.refused, .extendsTooMany(extended, most: ConfigurationLayers.mostExtended))
    }
    if let repository = search.repository(of: folder), !"\(path)/".hasPrefix("\(repository)/") {
      throw refusal(.refused, .extendsOutside(extended, repository: search.name(of: repository)))
    }
    let (name, itsFolder) = (search.name(of: path), FilePath.folder(of: path))
    let text = SourceText(name: name, bytes: try InputLoader().file(path))
    if let fault = ConfigurationFile.fault(ofFile: path, in: itsFolder) {
      throw refusal(.refused, .foreignExtended(extended, fault))
    }
    try add(text, in: itsFolder, extending: paths)
  }

  /// Points at overrides for folders that are not there.
  private mutating func note(_ file: SettingsFile, in folder: String) {
    for override in file.overrides {
      let known = override.paths.contains { FileStatus.isLink(folder.joined($0.fixedPath)) != nil }
      guard !override.paths.isEmpty, !known else { continue }
      findings.append(FileDiagnostic(.overrideOfNothing(override), in: file.source))
    }
  }

  // MARK: What counts

  /// True where files in one folder may have different settings.
  var tellFilesApart: Bool { layers.contains { $0.file.overrides.contains { !$0.paths.isEmpty } } }

  /// Whether each override counts for a place, whatever the namespace.
  func overrides(for path: String?) -> [Bool] {
    layers.flatMap { file, folder in
      file.overrides.map { override in
        override.paths.isEmpty || override.matches(ConfigurationLayers.seen(path, from: folder))
      }
    }
  }

  /// The namespaces for which overrides of a place say something, in order.
  func namespaces(at path: String?) -> [String] {
    let counting = zip(layers.flatMap(\.file.overrides), overrides(for: path)).filter { $1 }
    return Set(counting.flatMap(\.0.namespaces)).sorted()
  }

  /// The settings of a place, for objects of a namespace; nil stands for one that no override names.
  func configuration(at path: String?, inNamespace namespace: String?) -> Configuration {
    var configuration = Configuration()
    for (file, folder) in layers {
      configuration.take(file, forFile: ConfigurationLayers.seen(path, from: folder), inNamespace: namespace)
    }
    return configuration
  }

  /// A path as seen from a folder that it is in; nil where it is not in it.
  private static func seen(_ path: String?, from folder: String?) -> String? {
    guard let path, let folder else { return nil }
    if path == folder { return "" }
    let prefix = folder.utf8.last == UInt8(ascii: "/") ? folder : folder + "/"
    guard path.utf8.starts(with: prefix.utf8) else { return nil }
    return String(path.utf8.dropFirst(prefix.utf8.count))
  }
}

extension Diagnostic {
  fileprivate static func missingExtended(_ extended: SettingsFile.Extended) -> Diagnostic {
    Diagnostic(
      rule: .noSuchFile, message: "`extends` names `\(FilePath.shown(extended.path))`, and there is no such file",
      hint: "the path is seen from the folder of this file", range: extended.range)
  }

  fileprivate static func extendsNoFile(_ extended: SettingsFile.Extended) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration, message: "`extends` names `\(FilePath.shown(extended.path))`, which is no file",
      hint: "name the configuration file itself: ../\(ConfigurationFile.name)", range: extended.range)
  }

  fileprivate static func extendsItself(_ extended: SettingsFile.Extended, _ name: String) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration,
      message: "`extends` leads in a circle: \(FilePath.shown(name)) is being read already",
      hint: "take out one `extends` of the circle", range: extended.range)
  }

  fileprivate static func extendsTooMany(_ extended: SettingsFile.Extended, most: Int) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration, message: "more than \(most) files extend one another",
      hint: "bring what they set together in fewer files", range: extended.range)
  }

  fileprivate static func extendsOutside(_ extended: SettingsFile.Extended, repository: String) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration,
      message: "`extends` leads out of the repository: `\(FilePath.shown(extended.path))`",
      hint: "what others check out has to be in it; to use another file all the same, name it with --config",
      range: extended.range)
  }

  fileprivate static func foreignExtended(_ extended: SettingsFile.Extended, _ fault: String) -> Diagnostic {
    Diagnostic(
      rule: .foreignConfiguration,
      message: "`\(FilePath.shown(extended.path))`, which this file extends, \(fault), and is not used unasked",
      hint: "look at what it sets; name it to use it all the same, with --config", range: extended.range)
  }

  fileprivate static func overrideOfNothing(_ override: SettingsOverride) -> Diagnostic {
    let paths = override.paths.map { "`\($0.text)`" }.joined(separator: ", ")
    return Diagnostic(
      as: .note, rule: .settingWithoutEffect, message: "nothing is at \(paths), so this override has no effect",
      hint: "paths are seen from the folder of this file", range: override.pathsRange)
  }
}
