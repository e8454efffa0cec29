internal import Injection
internal import ManifestText
internal import Output
internal import Platform
internal import Workloads

/// Writes into configuration files what makes changes by hand in manifests so, before these are injected again.
struct AdoptionRun {
  private let configurations: Configurations
  private let namespace: String?
  private let selection: Selection
  private var files: [AdoptingFile] = []
  /// Where the configurations are that count.
  private var places: Set<String> = []
  private var adopted: [(document: Document, input: Input, outcome: Adoption.Outcome)] = []
  /// The inputs of which every change is adopted, so that nothing is lost where they are injected again.
  private(set) var adoptedInputs: Set<String> = []

  init(_ configurations: Configurations, namespace: String?, selection: Selection) {
    (self.configurations, self.namespace, self.selection) = (configurations, namespace, selection)
  }

  /// Looks at all inputs, and writes each configuration file once.
  ///
  /// What cannot be read is left to the run after this one, which says so.
  mutating func all(_ inputs: [Input], _ report: inout Report) throws(Reported) {
    for input in inputs where input.path != nil {
      let loaded = try configurations.configuration(of: input, &report)
      places.formUnion(loaded.sources.map(\.path))
      guard let source = try? input.load() else { continue }
      do throws(Fault) {
        try adopt(source, of: input, with: loaded)
      } catch {
        report.fail(error)
      }
    }
    if report.failure != nil { throw Reported() }
    try report.catching { () throws(Fault) in try write() }
    // A run that was killed may have left something beside a configuration that needs no change any more.
    for folder in Folder.holding(places + files.map(\.path)) { Leftovers.clear(in: folder) }
    for file in files {
      for setting in file.settings {
        report.add(.adopted(setting, isLast: setting == file.settings.last), name: file.name)
      }
    }
  }

  /// Writes all files, once each change is known to be made so by what they will hold.
  private func write() throws(Fault) {
    var edited: [String: [UInt8]] = [:]
    for file in files { edited[file.path] = try file.bytes() }
    let load = configurations.reading(edited)
    for (document, input, outcome) in adopted {
      let adoption = try load(input).adoption(of: document, namespace: namespace, selection: selection)
      let left = adoption.changes()
      let isMade = outcome.made.allSatisfy { change in
        left?.allSatisfy { $0.name != change.name || $0.change.place != change.change.place } ?? false
      }
      if !isMade { throw Fault(.refused, in: document.source, .adoptedInVain(outcome.settings)) }
    }
    // Until the manifests are written as well, which does the same.
    TerminationSignals.hold()
    var replacements: [AdoptingFile.Replacement] = []
    do throws(Fault) {
      for file in files { replacements.append(try file.replacement(by: edited[file.path] ?? [])) }
      for index in replacements.indices { try replacements[index].commit() }
    } catch {
      for index in replacements.indices { replacements[index].discard() }
      throw error
    }
  }

  private mutating func adopt(
    _ source: SourceText, of input: Input, with loaded: LoadedConfiguration
  ) throws(Fault) {
    let injector = loaded.injector(namespace: namespace, selection: selection)
    guard let pieces = try? DocumentStream(source) else { return }
    var (isChanged, isComplete) = (false, true)
    for piece in pieces where injector.mayConcern(piece.range, of: source) {
      guard let document = try? Document(piece, of: source),
        injector.plan(for: document).refusals.contains(where: { $0.rule == .injectedChanged })
      else { continue }
      let outcome = loaded.adoption(of: document, namespace: namespace, selection: selection).outcome()
      // Where there is no file yet, nothing else decides.
      if !loaded.sources.isEmpty { adopted.append((document, input, outcome)) }
      for setting in outcome.settings { try adopt(setting, from: source, of: input, with: loaded) }
      isComplete = isComplete && outcome.rest.isEmpty && !outcome.settings.isEmpty
      isChanged = true
    }
    if isChanged, isComplete { adoptedInputs.insert(input.name) }
  }

  private mutating func adopt(
    _ setting: Adoption.Setting, from source: SourceText, of input: Input, with loaded: LoadedConfiguration
  ) throws(Fault) {
    let place = try place(of: setting, from: source, with: loaded)
    let name = place.source?.path ?? configurations.newFile(for: input)
    // Links lead to one file by several names.
    let path = FilePath.resolved(name) ?? name
    var index = files.firstIndex { $0.path == path }
    if index == nil {
      files.append(AdoptingFile(place.source, path: path))
      index = files.count - 1
    }
    guard let index, let other = files[index].add(setting, at: place.keys) else { return }
    throw Fault(.refused, in: source, .adoptedTwice(setting, other))
  }

  /// The file a setting comes from, with its place there; or the file nearest to the input.
  private func place(
    of setting: Adoption.Setting, from source: SourceText, with loaded: LoadedConfiguration
  ) throws(Fault) -> (source: ConfigurationSource?, keys: Path) {
    let configuration = setting.namespace.map(loaded.configuration(inNamespace:)) ?? loaded.configuration
    let origin = configuration.origin(of: setting.path)
    if case .option(let name) = origin { throw Fault(.refused, in: source, .adoptedBesideOption(setting, name)) }
    for file in loaded.sources.reversed() where origin != .builtIn {
      if let keys = file.file.path(of: setting.path, from: origin) { return (file, keys) }
    }
    let nearest = loaded.sources.last
    return (nearest, nearest?.file.path(of: setting.path) ?? Path(SettingsFile.keys(of: setting.path)))
  }
}

/// A configuration file with the settings that are to be written into it.
private struct AdoptingFile {
  let path: String
  /// What people know it by.
  let name: String
  private let source: SourceText?
  private let holdsTextAlone: Bool
  private(set) var settings: [Adoption.Setting] = []
  private var places: [Path] = []

  /// A file that is there, or one that is to be made.
  init(_ source: ConfigurationSource?, path: String) {
    (self.path, self.source) = (path, source?.file.source)
    name = source?.file.source.name ?? path
    holdsTextAlone = source?.file.holdsTextAlone ?? false
  }

  /// Adds a setting; the value that it has already where that is another.
  mutating func add(_ setting: Adoption.Setting, at place: Path) -> String? {
    if let index = places.firstIndex(of: place) {
      return settings[index].value == setting.value ? nil : settings[index].value
    }
    settings.append(setting)
    places.append(place)
    return nil
  }

  /// What the file is to hold.
  func bytes() throws(Fault) -> [UInt8] {
    do throws(Diagnostic) {
      return try text()
    } catch {
      throw Fault(.refused, in: source, error)
    }
  }

  /// Writes the new content beside the file.
  func replacement(by bytes: [UInt8]) throws(Fault) -> Replacement {
    do throws(WriteFailure) {
      return try Replacement(of: path, holding: source?.bytes, by: bytes, name: name)
    } catch {
      throw Fault(.unwritable, input: name, .notRewritten(error))
    }
  }

  /// The file with the settings in it, everything else as it was.
  private func text() throws(Diagnostic) -> [UInt8] {
    guard let source, let document = try AdoptingFile.document(of: source) else {
      let bytes = source?.bytes ?? []
      let isLineOpen = bytes.last.map { $0 != ASCII.lineFeed } ?? false
      return bytes + (isLineOpen ? [ASCII.lineFeed] : []) + YAMLWriter.block(tree())
    }
    var edits = Edits(document: document)
    for (setting, place) in zip(settings, places) { try edits.set(value(of: setting), at: place) }
    let result = try edits.spliced(by: edits.textEdits())
    let (before, after) = (source.bytes[..<document.range.lowerBound], source.bytes[document.range.upperBound...])
    return Array(before + result.source.bytes[result.range] + after)
  }

  /// The document that holds something or, where none does, the one that says so; nil for a file of comments.
  private static func document(of source: SourceText) throws(Diagnostic) -> Document? {
    if let document = try Configuration.document(of: source) { return document }
    for piece in try DocumentStream(source) {
      let document = try Document(piece, of: source)
      if let root = document.root, !document.range(of: root).isEmpty { return document }
    }
    return nil
  }

  private func value(of setting: Adoption.Setting) -> Value {
    holdsTextAlone ? .string(setting.value) : setting.scalar
  }

  private func tree() -> Value {
    zip(settings, places).reduce(Value.object([])) { tree, next in tree.with(value(of: next.0), at: next.1.steps[...]) }
  }

  /// The new content of a file before it takes the file's place.
  struct Replacement {
    private enum Written {
      case file(FileReplacement, replacing: [UInt8])
      case newFile(NewFiles)
    }

    private let name: String
    /// Nil once that is ended.
    private var written: Written?

    /// Writes the content beside the file; it is to replace what was read, or nothing.
    fileprivate init(
      of path: String, holding content: [UInt8]?, by bytes: [UInt8], name: String
    ) throws(WriteFailure) {
      self.name = name
      guard let content else {
        written = try WriteFailure.wrapping { () throws(SystemError) in
          var files = try NewFiles(in: FilePath.folder(of: path))
          try files.add(bytes, as: FilePath.name(of: path))
          return .newFile(files)
        }
        return
      }
      let status = try WriteFailure.wrapping { () throws(SystemError) in try FileStatus(of: path) }
      var replacement = try FileReplacement(of: path, readAs: status)
      do throws(SystemError) {
        try replacement.write(bytes[...])
      } catch {
        replacement.discard()
        throw .system(error)
      }
      written = .file(replacement, replacing: content)
    }

    /// Puts it in the file's place.
    mutating func commit() throws(Fault) {
      defer { written = nil }
      do throws(WriteFailure) {
        switch written {
        case .file(var replacement, let content): _ = try replacement.commit(replacing: content)
        case .newFile(var files): try WriteFailure.wrapping { () throws(SystemError) in try files.commit() }
        case nil: break
        }
      } catch {
        throw Fault(.unwritable, input: name, .notRewritten(error))
      }
    }

    /// Takes the new content away, where it has not the file's place.
    mutating func discard() {
      switch written {
      case .file(var replacement, _): replacement.discard()
      case .newFile(var files): files.discard()
      case nil: break
      }
      written = nil
    }
  }
}

extension Adoption.Setting {
  /// The value as YAML has it.
  fileprivate var scalar: Value {
    switch value {
    case "true", "false": .bool(value == "true")
    case _ where !value.isEmpty && value.utf8.allSatisfy(ASCII.isDigit): .number(value)
    default: .string(value)
    }
  }
}

extension Value {
  /// A map with a value in it, further down.
  fileprivate func with(_ value: Value, at steps: ArraySlice<Path.Step>) -> Value {
    guard case .key(let key)? = steps.first else { return value }
    var map = self
    map[key] = (map[key] ?? .object([])).with(value, at: steps.dropFirst())
    return map
  }
}

extension Diagnostic {
  fileprivate static func adopted(_ setting: Adoption.Setting, isLast: Bool) -> Diagnostic {
    Diagnostic(
      rule: .adopted, message: "`\(setting.path)` is \(setting.value.isEmpty ? "empty" : "`\(setting.value)`") now",
      hint: isLast ? "it counts for everything this file is for: --check -R shows what else changes" : nil)
  }

  fileprivate static func adoptedTwice(_ setting: Adoption.Setting, _ other: String) -> Diagnostic {
    Diagnostic(
      rule: .adoptedTwice,
      message: "`\(setting.path)` would have to be `\(setting.value)` here, and `\(other)` for another manifest",
      hint: "adopt one of them, or give each an entry of `overrides` in the configuration first")
  }

  fileprivate static func adoptedInVain(_ settings: [Adoption.Setting]) -> Diagnostic {
    let (names, values) = (settings.map { "`\($0.path)`" }, settings.map { "`\($0.value)`" })
    return Diagnostic(
      rule: .adoptedTwice,
      message: "\(names.joined(separator: ", ")) would have to be \(values.joined(separator: ", ")) here, and "
        + "something else in the configuration decides",
      hint: "`config view` says where each setting comes from; set it there by hand")
  }

  fileprivate static func adoptedBesideOption(_ setting: Adoption.Setting, _ option: String) -> Diagnostic {
    Diagnostic(
      rule: .adoptedTwice,
      message: "`\(setting.path)` would have to be `\(setting.value)`, and \(option) sets it to something else",
      hint: "leave the option out; what is adopted stands in a file, which options win over")
  }
}
