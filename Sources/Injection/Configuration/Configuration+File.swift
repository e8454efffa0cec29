package import ManifestText

extension Configuration {
  /// Takes over what a map sets that has the form of a configuration file; some of its keys may be no settings.
  ///
  /// `lines` are those of the document's text, where they are known.
  /// - Returns: Everything in it that is not a setting, or not a value of its setting, in order.
  /// - Throws: A `Diagnostic` where it is no map.
  mutating func readSettings(
    of map: NodeID, in document: Document, except others: [String] = [], lines: LineIndex? = nil
  ) throws(Diagnostic) -> [Diagnostic] {
    if document.isNull(map) { return [] }
    guard document.isMapping(map) else {
      throw .notAConfiguration(document.kindName(of: map), range: document.range(of: map))
    }
    var reader = ConfigurationReader(
      document: document, lines: lines ?? LineIndex(document.source), others: others, configuration: self)
    reader.readGroup("", map)
    self = reader.configuration
    return reader.faults
  }

  /// The one document that holds something; nil for a file of comments.
  package static func document(of source: SourceText) throws(Diagnostic) -> Document? {
    var found: Document?
    for piece in try DocumentStream(source) {
      let document = try Document(piece, of: source)
      guard !document.isEmpty, let root = document.root else { continue }
      if found != nil { throw .secondConfiguration(range: document.range(of: root)) }
      found = document
    }
    return found
  }
}

extension Document {
  /// What the key of a setting, or of a group of them, says.
  /// - Throws: A `Diagnostic` where it says nothing, or is no text.
  func settingName(_ key: NodeID) throws(Diagnostic) -> String {
    if isMapping(key) || isSequence(key) { throw .settingNameIsNoText(kindName(of: key), range: range(of: key)) }
    let name = text(of: key)
    if name.isEmpty { throw .unknownSetting("", at: SettingPlace(name: "", range: range(of: key))) }
    return name
  }
}

/// Walks through a configuration file and the settings side by side.
private struct ConfigurationReader {
  let document: Document
  private let lines: LineIndex
  /// Keys at the top that somebody else reads.
  let others: [String]
  var configuration: Configuration
  /// What is wrong: whoever writes a file is told of all of it at once.
  private(set) var faults: [Diagnostic] = []

  init(document: Document, lines: LineIndex, others: [String], configuration: Configuration) {
    (self.document, self.lines, self.others, self.configuration) = (document, lines, others, configuration)
  }

  mutating func readGroup(_ group: String, _ map: NodeID) {
    for (key, value) in document.entries(of: map) {
      do throws(Diagnostic) {
        let name = try document.settingName(key)
        // Refuses a key that stands twice.
        _ = try document.entry(name, in: map)
        if group.isEmpty, others.holdsExactly(name) { continue }
        try read(group.isEmpty ? name : "\(group).\(name)", key, value)
      } catch {
        if faults.last != error { faults.append(error) }
      }
    }
  }

  private mutating func read(_ path: String, _ key: NodeID, _ value: NodeID) throws(Diagnostic) {
    let place = SettingPlace(name: path, range: document.range(of: value))
    if path == SettingSchema.podPaths {
      try readPodPaths(value, at: place)
    } else if let setting = SettingSchema.setting(at: path) {
      do throws(SettingFault) {
        configuration.set(setting, to: try setting.shape.value(of: value, in: document), from: origin(key))
      } catch {
        throw .unfitSetting(error, setting.shape, at: place)
      }
    } else if SettingSchema.isGroup(path) {
      if document.isMapping(value) { return readGroup(path, value) }
      // A group all of whose settings are commented out.
      guard document.isNull(value) else {
        throw .groupOfSettings(path, found: document.kindName(of: value), at: place)
      }
    } else {
      throw .unknownSetting(path, at: SettingPlace(name: path, range: document.range(of: key)))
    }
  }

  private func origin(_ key: NodeID) -> Configuration.Origin {
    .file(lines.location(of: document.range(of: key).lowerBound))
  }

  // MARK: Pod paths

  private mutating func readPodPaths(_ map: NodeID, at place: SettingPlace) throws(Diagnostic) {
    if document.isNull(map) { return }
    guard document.isMapping(map) else {
      throw .podPathsKind(document.kindName(of: map), of: nil, at: place)
    }
    for (key, value) in document.entries(of: map) {
      let name = try document.settingName(key)
      _ = try document.entry(name, in: map)
      configuration.set(try podPaths(name, key, value), from: origin(key))
    }
  }

  private func podPaths(_ name: String, _ key: NodeID, _ value: NodeID) throws(Diagnostic) -> PodPathSetting {
    var setting: PodPathSetting
    do throws(PodPathSetting.Fault) {
      setting = try PodPathSetting(name: name)
    } catch {
      throw .podPath(error, at: SettingPlace(name: SettingSchema.podPaths, range: document.range(of: key)))
    }
    let isList = document.isSequence(value)
    for path in isList ? Array(document.items(of: value)) : [value] {
      try append(path, of: name, to: &setting)
    }
    if setting.paths.isEmpty { throw .podPathsKind("an empty list", of: name, at: place(name, value)) }
    return setting
  }

  private func append(_ path: NodeID, of name: String, to setting: inout PodPathSetting) throws(Diagnostic) {
    guard document.isString(path) else {
      throw .podPathsKind(document.kindName(of: path), of: name, at: place(name, path))
    }
    do throws(PodPathSetting.Fault) {
      try setting.append(path: document.text(of: path))
    } catch {
      throw .podPath(error, at: place(name, path))
    }
  }

  private func place(_ name: String, _ node: NodeID) -> SettingPlace {
    SettingPlace(name: "\(SettingSchema.podPaths).\(name)", range: document.range(of: node))
  }
}
