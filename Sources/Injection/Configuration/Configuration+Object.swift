package import ManifestText

/// Settings in the form of a Kubernetes object, as functions and plugins of kustomize and kpt are given them.
extension Configuration {
  /// The kind of object that holds settings and nothing else.
  package static let objectKind = (apiVersion: "vault-inject/v1", kind: "VaultInject")

  /// What may stand in such an object beside its settings; the last two are kustomize's.
  private static let otherKeys = ["apiVersion", "kind", "metadata", "argsOneLiner", "argsFromFile"]

  /// The forms settings have in objects.
  enum ObjectForm: Sendable {
    /// The `spec` of a `VaultInject` is a configuration file's map.
    case spec
    /// The `data` of a ConfigMap holds assignments as `--set` has them.
    case data
  }

  /// Takes over what an object sets: the `spec` of a `VaultInject`, in the form of a file, or the `data` of a
  /// ConfigMap, in that of `--set`.
  /// - Returns: Everything in it that is not a setting, or not a value of its setting, in order.
  /// - Throws: A `Diagnostic` for another kind of object, and for one whose settings cannot be found.
  package mutating func read(object: NodeID, in document: Document) throws(Diagnostic) -> [Diagnostic] {
    guard document.isMapping(object) else {
      throw .notAConfiguration(document.kindName(of: object), range: document.range(of: object))
    }
    switch try Configuration.form(of: object, in: document) {
    case .spec: return try readSpec(of: object, in: document)
    case .data: return try readData(of: object, in: document)
    case nil:
      let kind = try document.value("kind", in: object)
      throw .noSettingsIn(kind.map(document.text) ?? "", range: document.range(of: kind ?? object))
    }
  }

  /// The form an object holds settings in; nil where it is of no kind that does.
  static func form(of object: NodeID, in document: Document) throws(Diagnostic) -> ObjectForm? {
    let apiVersion = try document.value("apiVersion", in: object).map(document.text) ?? ""
    let kind = try document.value("kind", in: object).map(document.text) ?? ""
    if apiVersion == objectKind.apiVersion, kind == objectKind.kind { return .spec }
    return kind == "ConfigMap" && ["v1", ""].contains(apiVersion) ? .data : nil
  }

  private mutating func readSpec(of object: NodeID, in document: Document) throws(Diagnostic) -> [Diagnostic] {
    var faults: [Diagnostic] = []
    for (key, value) in document.entries(of: object) {
      do throws(Diagnostic) {
        let name = try document.settingName(key)
        if name == "spec" {
          faults += try readSettings(of: value, in: document)
        } else if !Configuration.otherKeys.contains(name) {
          throw .settingOutsideSpec(name, range: document.range(of: key))
        }
      } catch {
        faults.append(error)
      }
    }
    return faults
  }

  private mutating func readData(of object: NodeID, in document: Document) throws(Diagnostic) -> [Diagnostic] {
    guard let data = try document.value("data", in: object), !document.isNull(data) else { return [] }
    guard document.isMapping(data) else {
      throw .notAConfiguration(document.kindName(of: data), range: document.range(of: data))
    }
    // The webhook's own ConfigMap is no mistake in a setting's name.
    if let file = document.firstKey(in: data, among: ["injectionconfig.yaml"]) {
      throw .manifestAsConfiguration(range: document.range(of: file))
    }
    var faults: [Diagnostic] = []
    for (key, value) in document.entries(of: data) {
      do throws(Diagnostic) {
        let name = try document.settingName(key)
        // Refuses a key that stands twice.
        _ = try document.entry(name, in: data)
        try readDatum(name, key, value, in: document)
      } catch {
        if faults.last != error { faults.append(error) }
      }
    }
    return faults
  }

  private mutating func readDatum(
    _ path: String, _ key: NodeID, _ value: NodeID, in document: Document
  ) throws(Diagnostic) {
    guard let setting = SettingSchema.setting(at: path) else {
      let place = SettingPlace(name: path, range: document.range(of: key))
      if path.hasPrefix(SettingSchema.podPaths) { throw .podPathsInConfigMap(range: document.range(of: key)) }
      throw SettingSchema.isGroup(path)
        ? .groupOfSettings(path, found: nil, at: place) : .unknownSetting(path, at: place)
    }
    do throws(SettingFault) {
      guard !document.isMapping(value), !document.isSequence(value) else {
        throw .wrongKind(document.kindName(of: value))
      }
      set(setting, to: try setting.shape.value(of: document.text(of: value)), from: .file(document.location(of: key)))
    } catch {
      throw .unfitSetting(error, setting.shape, at: SettingPlace(name: path, range: document.range(of: value)))
    }
  }
}
