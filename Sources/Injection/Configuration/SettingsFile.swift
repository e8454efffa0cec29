package import ManifestText

/// A configuration file that was read: its settings, and those that count instead for some files and namespaces.
package struct SettingsFile: Sendable {
  /// The file whose settings come before these.
  package struct Extended: Sendable {
    /// Its path, seen from the folder of the file that names it.
    package let path: String
    /// Where it is named.
    package let range: Range<Int>
  }

  package let source: SourceText
  /// Nil where the file stands for itself.
  package private(set) var extended: Extended?
  /// In the order they are written, in which each wins over those before it.
  package private(set) var overrides: [SettingsOverride] = []
  /// What is not a setting, or not a value of its setting, from top to bottom; where there is any, nothing counts.
  package private(set) var faults: [Diagnostic] = []
  fileprivate private(set) var settings = Configuration()
  /// Nil where the settings stand at the file's top.
  private var form: Configuration.ObjectForm?

  /// Reads a file in YAML or JSON; it may also be an object that holds settings.
  /// - Throws: A `Diagnostic` where it is no configuration, so that nothing else in it can be told.
  package init(_ source: SourceText) throws(Diagnostic) {
    self.source = source
    guard let document = try Configuration.document(of: source), let root = document.root else { return }
    if try document.entry("apiVersion", in: root) != nil, let kind = try document.entry("kind", in: root) {
      form = try Configuration.form(of: root, in: document)
      if form == nil { throw .manifestAsConfiguration(range: document.range(of: kind.key)) }
      faults = try settings.read(object: root, in: document)
      return
    }
    let lines = LineIndex(source)
    faults = try settings.readSettings(
      of: root, in: document, except: [SettingsFile.extends, SettingsFile.overrides], lines: lines)
    guard document.isMapping(root) else { return }
    noting { (file) throws(Diagnostic) in file.extended = try SettingsFile.extended(in: root, of: document) }
    var nodes: [NodeID] = []
    noting { (_) throws(Diagnostic) in nodes = try SettingsFile.overrides(in: root, of: document) }
    for node in nodes {
      noting { (file) throws(Diagnostic) in file.overrides.append(try SettingsOverride(node, in: document, lines)) }
    }
    faults += overrides.flatMap(\.faults)
    faults.sort { ($0.range?.lowerBound ?? 0) < ($1.range?.lowerBound ?? 0) }
    // A key that stands twice is found at each of the two.
    faults = faults.enumerated().filter { $0 == 0 || faults[$0 - 1] != $1 }.map(\.element)
  }

  /// Does what may find something wrong, and goes on.
  private mutating func noting(_ read: (inout SettingsFile) throws(Diagnostic) -> Void) {
    do throws(Diagnostic) {
      try read(&self)
    } catch {
      faults.append(error)
    }
  }

  private static func extended(in root: NodeID, of document: Document) throws(Diagnostic) -> Extended? {
    try document.value(extends, in: root).map { (node) throws(Diagnostic) in
      guard document.isString(node), !document.text(of: node).isEmpty else {
        throw .extendsNoFile(range: document.range(of: node))
      }
      return Extended(path: document.text(of: node), range: document.range(of: node))
    }
  }

  private static func overrides(in root: NodeID, of document: Document) throws(Diagnostic) -> [NodeID] {
    guard let list = try document.value(overrides, in: root), !document.isNull(list) else { return [] }
    guard document.isSequence(list) else {
      throw .notOverrides(document.kindName(of: list), range: document.range(of: list))
    }
    return Array(document.items(of: list))
  }

  /// The same file with other paths of images' configurations, such as those seen from another folder.
  package func withImagePaths(_ change: (String) -> String) -> SettingsFile {
    var file = self
    file.settings.changeImagePaths(change)
    for index in file.overrides.indices { file.overrides[index].settings.changeImagePaths(change) }
    return file
  }

  /// The path to a setting of this file that came to be in force, as seen from its top; nil where it is not from here.
  package func path(of setting: String, from origin: Configuration.Origin) -> Path? {
    if settings.origin(of: setting) == origin { return path(of: setting) }
    guard let index = overrides.firstIndex(where: { $0.settings.origin(of: setting) == origin }) else { return nil }
    return Path([.key(SettingsFile.overrides), .index(index)] + SettingsFile.keys(of: setting))
  }

  /// The path at which a setting counts for everything this file is for.
  package func path(of setting: String) -> Path {
    switch form {
    case .data: Path().appending("data").appending(setting)
    case .spec: Path([.key("spec")] + SettingsFile.keys(of: setting))
    case nil: Path(SettingsFile.keys(of: setting))
    }
  }

  /// True where settings are texts, whatever they mean.
  package var holdsTextAlone: Bool { form == .data }

  /// The way to a setting from the map that holds all of them.
  package static func keys(of setting: String) -> [Path.Step] {
    ByteText.pieces(of: setting, around: ".").map(Path.Step.key)
  }

  /// Where a key belongs that is no setting; nil for any other.
  static func place(of key: String) -> String? {
    switch key {
    case extends, overrides: "`\(key)` stands at the top of a configuration file, and nowhere else"
    case SettingsOverride.paths, SettingsOverride.namespaces: "`\(key)` stands in an entry of `\(overrides)`"
    default: nil
    }
  }

  /// The key that names the file whose settings come first.
  static let extends = "extends"
  /// The key of what counts for some files and namespaces.
  static let overrides = "overrides"
}

/// Settings that count for some files and namespaces.
package struct SettingsOverride: Sendable {
  /// Which files, seen from the folder of the configuration; empty for all.
  package private(set) var paths: [PathPattern] = []
  /// Where `paths` are written.
  package private(set) var pathsRange: Range<Int>?
  /// Which namespaces; empty for all.
  package private(set) var namespaces: [String] = []
  fileprivate var settings = Configuration()
  /// What in it is not a setting, or not a value of its setting.
  fileprivate private(set) var faults: [Diagnostic] = []

  fileprivate static let (paths, namespaces) = ("paths", "namespaces")

  /// - Throws: A `Diagnostic` where it does not say where its settings count.
  fileprivate init(_ node: NodeID, in document: Document, _ lines: LineIndex) throws(Diagnostic) {
    guard document.isMapping(node) else {
      throw .notOverrides(document.kindName(of: node), range: document.range(of: node))
    }
    for (text, range) in try SettingsOverride.texts(Self.paths, of: node, in: document) {
      guard let pattern = PathPattern(text) else { throw .unfitPath(text, range: range) }
      paths.append(pattern)
      pathsRange = pathsRange ?? range
    }
    for (text, range) in try SettingsOverride.texts(Self.namespaces, of: node, in: document) {
      guard SettingsOverride.isNamespace(text) else { throw .unfitNamespace(text, range: range) }
      namespaces.append(text)
    }
    if paths.isEmpty, namespaces.isEmpty { throw .overrideOfEverything(range: document.range(of: node)) }
    faults = try settings.readSettings(of: node, in: document, except: [Self.paths, Self.namespaces], lines: lines)
    if !namespaces.isEmpty, let kinds = try document.entry(SettingSchema.podPaths, in: node) {
      throw .podPathsOfNamespaces(range: document.range(of: kinds.key))
    }
  }

  /// A text or a list of texts.
  private static func texts(
    _ key: String, of map: NodeID, in document: Document
  ) throws(Diagnostic) -> [(text: String, range: Range<Int>)] {
    guard let value = try document.value(key, in: map), !document.isNull(value) else { return [] }
    let nodes = document.isSequence(value) ? Array(document.items(of: value)) : [value]
    return try nodes.map { (node) throws(Diagnostic) in
      guard document.isString(node) else {
        throw .notTexts(key, document.kindName(of: node), range: document.range(of: node))
      }
      return (document.text(of: node), document.range(of: node))
    }
  }

  private static func isNamespace(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 63
      && text.utf8.allSatisfy { ASCII.isDigit($0) || (0x61...0x7a).contains($0) || $0 == UInt8(ascii: "-") }
  }

  /// True where a pattern matches a path, seen from the folder of the configuration; never for nil.
  package func matches(_ path: String?) -> Bool { path.map { path in paths.contains { $0.matches(path) } } ?? false }

  /// True where it counts for objects of a file and a namespace; nil stands for a namespace that none names.
  fileprivate func counts(forFile path: String?, inNamespace namespace: String?) -> Bool {
    let isPath = paths.isEmpty || matches(path)
    let isNamespace = namespaces.isEmpty || namespace.map(namespaces.holdsExactly) ?? false
    return isPath && isNamespace
  }
}

extension Configuration {
  /// Takes over what a configuration file sets, but for what counts only for some files or namespaces.
  /// - Throws: A `Diagnostic` for the first thing in it that is not a setting, or not a value of its setting.
  package mutating func read(_ source: SourceText) throws(Diagnostic) {
    let file = try SettingsFile(source)
    if let fault = file.faults.first { throw fault }
    take(file, forFile: nil, inNamespace: nil)
  }

  /// Takes over what a file sets for objects of a file, seen from the configuration's folder, and of a namespace.
  package mutating func take(_ file: SettingsFile, forFile path: String?, inNamespace namespace: String?) {
    take(file.settings)
    for override in file.overrides where override.counts(forFile: path, inNamespace: namespace) {
      take(override.settings)
    }
  }
}

extension Diagnostic {
  fileprivate static func extendsNoFile(range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration, message: "`extends` names no file",
      hint: "it is the path of one configuration file, seen from this one: ../base/.vault-inject.yaml", range: range)
  }

  fileprivate static func notOverrides(_ found: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration, message: "`overrides` cannot hold \(found)",
      hint: "it is a list of maps, each with `paths` or `namespaces` and the settings that count there", range: range)
  }

  fileprivate static func notTexts(_ key: String, _ found: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration, message: "`\(key)` cannot hold \(found)", hint: "it is a list of texts",
      range: range)
  }

  fileprivate static func unfitPath(_ text: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration, message: "`\(text)` is no path below the folder of this file",
      hint: "write it as seen from this file, without `..`: overlays/prod, or **/prod/*.yaml", range: range)
  }

  fileprivate static func unfitNamespace(_ text: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration, message: "`\(text)` is not the name of a namespace",
      hint: "name each namespace; there are no patterns for them", range: range)
  }

  fileprivate static func podPathsOfNamespaces(range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration, message: "`podPaths` cannot count for some namespaces only",
      hint: "a kind is the same in every namespace: put it above, or into an entry with `paths` alone", range: range)
  }

  fileprivate static func overrideOfEverything(range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration, message: "this override says neither for which `paths` nor for which `namespaces`",
      hint: "add one of them, or put its settings above, where they count for everything", range: range)
  }
}
