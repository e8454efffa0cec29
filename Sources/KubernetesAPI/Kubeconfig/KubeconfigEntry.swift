internal import ManifestText

/// One map of a kubeconfig, read on demand so that findings can point at the place of a fault.
struct KubeconfigEntry: Sendable {
  let document: Document
  let node: NodeID

  /// The value of a key; nil where it is absent or null.
  func node(_ key: String) throws(KubeconfigError) -> NodeID? {
    do throws(Diagnostic) {
      guard let value = try document.value(key, in: node), !document.isNull(value) else { return nil }
      return value
    } catch {
      throw KubeconfigError(error, in: document.source)
    }
  }

  /// The text of a key; nil where it is absent, null or empty.
  func text(_ key: String) throws(KubeconfigError) -> String? {
    guard let value = try node(key) else { return nil }
    let text = try text(of: value, key)
    return text.isEmpty ? nil : text
  }

  private func text(of value: NodeID, _ key: String) throws(KubeconfigError) -> String {
    guard document.isString(value) else {
      let isScalar = !document.isMapping(value) && !document.isSequence(value)
      throw wrongType(key, value, wanted: "a string", hint: isScalar ? "put it into quotes" : nil)
    }
    let text = document.text(of: value)
    // No file, program or variable can have such a name, and C would take what comes before for all of it.
    if text.utf8.contains(0) {
      throw KubeconfigError(at: "\(document.location(of: value))", .controlCharacter("`\(key)`", "U+0000"))
    }
    return text
  }

  /// The text of a key that becomes part of a request; nil where it is absent, null or empty.
  func line(_ key: String) throws(KubeconfigError) -> String? {
    guard let text = try text(key) else { return nil }
    if let name = RequestText.controlCharacter(in: text) { throw error(at: key, .controlCharacter("`\(key)`", name)) }
    return text
  }

  /// A key that is true; absent is false.
  func flag(_ key: String) throws(KubeconfigError) -> Bool {
    guard let value = try node(key) else { return false }
    guard document.kindName(of: value) == "a boolean" else {
      throw wrongType(key, value, wanted: "true or false", hint: "write it without quotes")
    }
    return document.isText(value, equalTo: "true") || document.isText(value, equalTo: "True")
      || document.isText(value, equalTo: "TRUE")
  }

  /// The map of a key; nil where it is absent or null.
  func entry(_ key: String) throws(KubeconfigError) -> KubeconfigEntry? {
    guard let value = try node(key) else { return nil }
    guard document.isMapping(value) else { throw wrongType(key, value, wanted: "a map") }
    return KubeconfigEntry(document: document, node: value)
  }

  /// The maps of a list; none where the key is absent or null.
  func entries(_ key: String) throws(KubeconfigError) -> [KubeconfigEntry] {
    try items(key).map { (item) throws(KubeconfigError) in
      guard document.isMapping(item) else { throw wrongType("an element of \(key)", item, wanted: "a map") }
      return KubeconfigEntry(document: document, node: item)
    }
  }

  /// The texts of a list; none where the key is absent or null.
  func texts(_ key: String) throws(KubeconfigError) -> [String] {
    try items(key).map { (item) throws(KubeconfigError) in try text(of: item, "an element of \(key)") }
  }

  /// The texts of a list, each of which becomes part of a request; none where the key is absent or null.
  func lines(_ key: String) throws(KubeconfigError) -> [String] {
    let items = try items(key)
    return try zip(items, texts(key)).map { (item, text) throws(KubeconfigError) in
      guard let name = RequestText.controlCharacter(in: text) else { return text }
      throw KubeconfigError(at: "\(document.location(of: item))", .controlCharacter("an element of `\(key)`", name))
    }
  }

  /// The names and lists of a map, all of which becomes part of a request; none where the key is absent or null.
  func lineLists(_ key: String) throws(KubeconfigError) -> [(key: String, values: [String])] {
    guard let map = try entry(key) else { return [] }
    return try document.entries(of: map.node).map { (node, _) throws(KubeconfigError) in
      let name = document.text(of: node)
      if let fault = RequestText.controlCharacter(in: name) {
        throw KubeconfigError(at: "\(document.location(of: node))", .controlCharacter("a key of `\(key)`", fault))
      }
      return (name, try map.lines(name))
    }
  }

  private func items(_ key: String) throws(KubeconfigError) -> [NodeID] {
    guard let value = try node(key) else { return [] }
    guard document.isSequence(value) else { throw wrongType(key, value, wanted: "a list") }
    return Array(document.items(of: value))
  }

  /// The bytes that a key spells in base64; nil where it is absent, null or empty.
  func data(_ key: String) throws(KubeconfigError) -> [UInt8]? {
    guard let text = try text(key) else { return nil }
    guard let bytes = Base64.decoded(text.utf8, .tolerant) else { throw error(at: key, .notBase64(key)) }
    return bytes
  }

  /// The path a key names, relative ones taken from the file's folder; nil where it is absent, null or empty.
  func path(_ key: String) throws(KubeconfigError) -> String? {
    try text(key).map { FilePath.resolved($0, beside: document.source.name) }
  }

  /// The value of a key as JSON has it; nil where it is absent or null.
  func value(_ key: String) throws(KubeconfigError) -> Value? {
    guard let node = try node(key) else { return nil }
    do throws(Diagnostic) {
      return try document.value(of: node)
    } catch {
      throw KubeconfigError(error, in: document.source)
    }
  }

  // MARK: Errors

  /// An error about the value of a key, or about the map where it has no such key.
  func error(at key: String?, _ diagnostic: Diagnostic) -> KubeconfigError {
    let value = key.flatMap { key in (try? document.value(key, in: node)) ?? nil }
    return KubeconfigError(at: "\(document.location(of: value ?? node))", diagnostic)
  }

  private func wrongType(_ key: String, _ node: NodeID, wanted: String, hint: String? = nil) -> KubeconfigError {
    KubeconfigError(
      at: "\(document.location(of: node))",
      .kubeconfigType(key, document.kindName(of: node), wanted: wanted, hint: hint))
  }
}

extension KubeconfigEntry? {
  /// The value of the flag of the same name or else the text of a key, for a request; nil where there is neither.
  func line(_ key: String, flag: String?) throws(KubeconfigError) -> String? {
    if let flag { return try FlagText.line(flag, of: "--\(key)") }
    return try self?.line(key)
  }
}

/// The flags.
enum FlagText {
  /// The text itself, where it can become part of a request.
  static func line(_ text: String, of flag: String) throws(KubeconfigError) -> String {
    guard let name = RequestText.controlCharacter(in: text) else { return text }
    throw KubeconfigError(.usage, .controlCharacter(flag, name))
  }
}

/// Paths as a kubeconfig writes them.
enum FilePath {
  /// The path itself where it is absolute, else beside a file.
  static func resolved(_ path: String, beside file: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let slash = file.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return "\(file[...slash])\(path)"
  }
}
