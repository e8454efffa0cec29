internal import ManifestText

/// What a setting may be.
package enum SettingShape: Equatable, Sendable {
  case text(TextRule)
  case choice([String])
  /// Any text, though only these make sense; others are refused where they are used.
  case suggestion([String])
  case boolean
  case integer(ClosedRange<Int>)
  /// A number that can be left to the cluster.
  case optionalInteger(ClosedRange<Int>)
  /// The text of a user or group, read where it is used, that can be left to the cluster.
  case id
  /// Names.
  case list
  /// Names of rules about manifests.
  case rules
  /// What images start, as `CONTAINER=JSON`.
  case entrypoints
  /// Where images' configurations are, as `[IMAGE=]PATH`.
  case imageConfigs

  /// The value of an optional number that is left to the cluster; it is written `off`.
  static let off = Value.bool(false)
}

/// Why a value is not one of its setting's.
enum SettingFault: Error, Equatable {
  /// It is of another kind: `a list`.
  case wrongKind(String)
  case empty
  /// It is a list in which one name is empty.
  case emptyName
  /// It is text, and none that is accepted.
  case unfit(String)
  /// It holds what belongs into no manifest.
  case credentials
  /// It tells twice what is told once of each name.
  case nameTwice(String)
  /// It names rules that there are none of; the place of the first name, where it is in a file.
  case unknownRules([String], at: Range<Int>?)
}

extension SettingShape {
  /// A value in a file.
  func value(of node: NodeID, in document: Document) throws(SettingFault) -> Value {
    if isList { return try list(of: node, in: document) }
    guard !document.isMapping(node), !document.isSequence(node) else {
      throw .wrongKind(document.kindName(of: node))
    }
    return try scalar(document.meaning(of: node), document.text(of: node))
  }

  /// A value of an option: words mean what they mean in a file, but text needs no quotes.
  func value(of text: String) throws(SettingFault) -> Value {
    switch self {
    case .text, .choice, .suggestion, .id: try scalar(.string, text)
    case .boolean, .integer, .optionalInteger: try scalar(ScalarMeaning(plain: Array(text.utf8)[...]), text)
    case .list, .rules: try names((text.isEmpty ? [] : GoText.split(text, at: ",")).map { ($0, nil) })
    // JSON holds commas.
    case .entrypoints: try names(text.isEmpty ? [] : [(text, nil)])
    case .imageConfigs: try names((text.isEmpty ? [] : GoText.split(text, at: ",")).map { ($0, nil) })
    }
  }

  private func scalar(_ meaning: ScalarMeaning, _ text: String) throws(SettingFault) -> Value {
    switch self {
    case .text(let rule):
      // A number is taken as it is spelt: `0644` and `1.10` are text here.
      guard meaning.isText || meaning.isNumber else { throw .wrongKind(meaning.kindName) }
      if let fault = rule.fault(of: text) { throw fault }
      return .string(text)
    case .choice(let choices):
      guard meaning.isText else { throw .wrongKind(meaning.kindName) }
      guard choices.contains(text) else { throw text.isEmpty ? .empty : .unfit(text) }
      return .string(text)
    case .suggestion: return try SettingShape.text(.anything).scalar(meaning, text)
    case .id: return meaning.isOff(text) ? SettingShape.off : try SettingShape.text(.anything).scalar(meaning, text)
    case .boolean:
      guard case .bool(let truth) = meaning else { throw fault(meaning, text) }
      return .bool(truth)
    case .integer(let range): return try number(meaning, text, in: range)
    case .optionalInteger(let range):
      return meaning.isOff(text) ? SettingShape.off : try number(meaning, text, in: range)
    case .list, .rules, .entrypoints, .imageConfigs: throw .wrongKind(meaning.kindName)
    }
  }

  private func number(
    _ meaning: ScalarMeaning, _ text: String, in range: ClosedRange<Int>
  ) throws(SettingFault) -> Value {
    guard case .number(let spelling) = meaning else { throw fault(meaning, text) }
    guard let number = Int(spelling), range.contains(number) else { throw .unfit(text) }
    return .number(String(number))
  }

  /// What stands where something else than text is wanted; in options every word is text.
  private func fault(_ meaning: ScalarMeaning, _ text: String) -> SettingFault {
    if text.isEmpty { return .empty }
    return meaning.isText ? .unfit(text) : .wrongKind(meaning.kindName)
  }

  private func list(of node: NodeID, in document: Document) throws(SettingFault) -> Value {
    guard document.isSequence(node) else { throw .wrongKind(document.kindName(of: node)) }
    return try names(
      document.items(of: node).map { (item) throws(SettingFault) in
        guard document.isString(item) else {
          throw .wrongKind("a list that holds \(document.kindName(of: item))")
        }
        return (document.text(of: item), document.range(of: item))
      })
  }

  /// A list of names, each with its place where it is in a file.
  private func names(_ names: [(text: String, place: Range<Int>?)]) throws(SettingFault) -> Value {
    if self == .rules {
      let unknown = names.filter { name in !Rule.ignorable.contains { $0.id == name.text } }
      if let first = unknown.first { throw .unknownRules(unknown.map(\.text), at: first.place) }
    }
    if let name = nameTwice(in: names.map(\.text)) { throw .nameTwice(name) }
    for (name, _) in names {
      if self == .entrypoints {
        if Entrypoint.parsed(name) == nil { throw .unfit(name) }
        continue
      }
      if self == .imageConfigs {
        if ImageEntry(name) == nil { throw .unfit(name) }
        continue
      }
      if name.isEmpty { throw .emptyName }
      if !name.utf8.allSatisfy(SettingShape.isNameByte) { throw .unfit(name) }
    }
    return .array(names.map { .string($0.text) })
  }

  /// The name of which two entries of a list tell what is told once; nil where there is none.
  func nameTwice(in entries: [String]) -> String? {
    switch self {
    case .entrypoints: Entrypoint.nameTwice(in: entries)
    case .imageConfigs: ImageEntry.nameTwice(in: entries)
    default: nil
    }
  }

  /// What names of Kubernetes objects are made of.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == ASCII.dash
      || byte == ASCII.dot
  }
}

extension SettingShape {
  /// True for what is a list in a file.
  package var isList: Bool { [.list, .rules, .entrypoints, .imageConfigs].contains(self) }

  /// What is accepted, to stand after "it has to be".
  package var expectation: String {
    switch self {
    case .text(let rule): rule.expectation
    case .choice(let choices):
      SettingShape.alternatives(choices.map { $0.isEmpty ? "\"\" to leave it to Kubernetes" : $0 })
    case .suggestion(let choices): SettingShape.alternatives(choices)
    case .id: "a whole number, or off to leave it to the cluster"
    case .boolean: "true or false"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .optionalInteger(let range):
      "a whole number from \(range.lowerBound) to \(range.upperBound), or off to leave it to the cluster"
    case .list: "a list of names, [one, another] in a file and one,another in an option"
    case .rules: "a list of rules, [one, another] in a file and one,another in an option"
    case .entrypoints:
      "CONTAINER=JSON, such as checkout=[\"/app\", \"serve\"]: a list in a file, one in an option, which may be repeated"
    case .imageConfigs:
      "PATH or IMAGE=PATH, such as build/images or shop:1=shop.json: a list in a file, between commas in --set"
    }
  }

  private static func alternatives(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}

extension SettingShape {
  /// A value that is accepted, as an option spells it; empty where any text is.
  fileprivate var example: String {
    switch self {
    case .text(let rule): rule.example
    case .choice(let choices), .suggestion(let choices): choices.last { !$0.isEmpty } ?? ""
    case .boolean: "true"
    case .integer(let range): String([600, 60].first(where: range.contains) ?? range.lowerBound)
    case .optionalInteger, .id: "10001"
    case .list: "registry-credentials"
    case .rules: "fetched-twice,default-template-map"
    case .entrypoints: "checkout=[\"/app\"]"
    case .imageConfigs: "build/images"
    }
  }
}

extension ScalarMeaning {
  fileprivate var isText: Bool { self == .string }

  fileprivate var isNumber: Bool {
    guard case .number = self else { return false }
    return true
  }

  /// True where it leaves a number to the cluster: `off`, as YAML or as text.
  fileprivate func isOff(_ text: String) -> Bool {
    self == .bool(false) || self == .null && text != "" || isText && text == "off"
  }

  fileprivate var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    }
  }
}

/// One setting: its path in files and options, what it may be, and what it does.
package struct Setting: Equatable, Sendable {
  /// The keys from the file's root, with dots between them.
  package let path: String
  package let shape: SettingShape
  /// What it does, in one sentence.
  package let summary: String
  /// A value that is accepted, as an option spells it.
  package let example: String

  /// A setting; an example is given where any text is accepted, and else follows from the shape.
  package init(_ path: String, _ shape: SettingShape, _ summary: String, like example: String? = nil) {
    (self.path, self.shape, self.summary) = (path, shape, summary)
    self.example = example ?? shape.example
  }

  /// The groups the setting is in, the outermost first, and its own key at the end.
  package var keys: [String] { path.split(separator: ".").map(String.init) }
}
