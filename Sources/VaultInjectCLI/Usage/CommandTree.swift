internal import ManifestText
internal import Platform

/// A command and all below it, as their declarations have them: what completion, help and messages about the command
/// line know of it.
struct CommandTree: Equatable, Sendable {
  let name: String
  let summary: String
  /// What there is to know beyond the summary; empty where it says all.
  let discussion: String
  /// True where help does not show the command.
  let isHidden: Bool
  /// The subcommand that is meant where none is named.
  let defaultSubcommand: String?
  let subcommands: [CommandTree]
  let arguments: [ArgumentDeclaration]

  /// Reads the description of a command and its subcommands, in the JSON of ArgumentParser's `--experimental-dump-help`.
  /// - Throws: A `Diagnostic` where the description of the command line cannot be read.
  init(of description: String) throws(Diagnostic) {
    let source = SourceText(name: "command line", bytes: Array(description.utf8))
    var pieces = try DocumentStream(source)
    guard let piece = pieces.next() else { throw .noCommandLine }
    let document = try Document(piece, of: source)
    guard let root = document.root, let value = try document.value(of: root)["command"] else {
      throw .noCommandLine
    }
    self.init(value)
  }

  init(_ value: Value) {
    name = value["commandName"]?.string ?? ""
    summary = value["abstract"]?.string ?? ""
    discussion = value["discussion"]?.string ?? ""
    isHidden = value["shouldDisplay"] == false
    defaultSubcommand = value["defaultSubcommand"]?.string
    subcommands = (value["subcommands"]?.array ?? []).map(CommandTree.init)
    arguments = (value["arguments"]?.array ?? []).compactMap(ArgumentDeclaration.init)
  }

  /// The subcommand of this name; nil where there is none.
  func subcommand(_ name: String) -> CommandTree? { subcommands.first { $0.name == name } }

  /// The subcommand that is meant where none is named; nil where one has to be.
  var implied: CommandTree? { defaultSubcommand.flatMap(subcommand) }

  /// The option of this name, dashes included; nil where there is none.
  func option(_ name: String) -> ArgumentDeclaration? { arguments.first { $0.names.contains(name) } }

  /// What is short enough to stand beside a name.
  static func firstSentence(_ text: String) -> String {
    let end = text.firstRange(of: ". ")?.lowerBound ?? text.firstRange(of: "; ")?.lowerBound
    let sentence = end.map { text[..<$0] } ?? text[...]
    return String(sentence.hasSuffix(".") ? sentence.dropLast() : sentence)
  }

  /// Arguments without a name, in order.
  var positionals: [ArgumentDeclaration] { arguments.filter { $0.kind == .positional } }
}

/// An option, a flag or an argument without a name.
struct ArgumentDeclaration: Equatable, Sendable {
  /// The kinds of argument.
  enum Kind: String { case positional, option, flag }

  /// What files its value can name.
  enum Files: Equatable {
    case withExtensions([String])
    case folders
  }

  let kind: Kind
  /// Its names with their dashes, the first one the best; none for a positional.
  let names: [String]
  let summary: String
  /// The title that help groups it under; empty where it has none.
  let section: String
  let isHidden: Bool
  let isOptional: Bool
  let isRepeating: Bool
  /// What its value is called.
  let valueName: String
  /// Every value it takes; empty where they are not known.
  let values: [String]
  /// The value it has where none is given; nil where it has none then.
  let defaultValue: String?
  /// The files it takes; nil where it takes none.
  let files: Files?

  fileprivate init?(_ value: Value) {
    guard let kind = value["kind"]?.string.flatMap(Kind.init) else { return nil }
    self.kind = kind
    let preferred = value["preferredName"].map(ArgumentDeclaration.name)
    let all = (value["names"]?.array ?? []).map(ArgumentDeclaration.name)
    names = [preferred].compactMap(\.self) + all.filter { $0 != preferred }
    summary = value["abstract"]?.string ?? ""
    section = value["sectionTitle"]?.string ?? ""
    isHidden = value["shouldDisplay"] == false
    isOptional = value["isOptional"] == true
    isRepeating = value["isRepeating"] == true
    valueName = value["valueName"]?.string ?? ""
    defaultValue = value["defaultValue"]?.string
    let completion = value["completionKind"]
    let listed = completion?["list"]?["values"] ?? value["allValues"]
    values = (listed?.array ?? []).compactMap(\.string)
    if completion?["directory"] != nil {
      files = .folders
    } else {
      files = (completion?["file"]?["extensions"]?.array).map { .withExtensions($0.compactMap(\.string)) }
    }
  }

  private static func name(_ value: Value) -> String {
    let name = value["name"]?.string ?? ""
    return value["kind"] == "long" ? "--\(name)" : "-\(name)"
  }

  /// Its one-letter name, dash included; nil where it has none.
  var shortName: String? { names.first { !$0.hasPrefix("--") } }

  /// What help and messages have in the place of its value: the values themselves where they are few.
  var placeholder: String {
    if valueName.contains("|") { return valueName }
    return values.isEmpty || values.count > 4 ? valueName.uppercased() : values.joined(separator: "|")
  }

  /// The option with the place of its value, such as `--set PATH=VALUE`.
  var usage: String {
    switch kind {
    case .positional: isRepeating ? "\(placeholder)…" : placeholder
    case .flag: names[0]
    case .option: "\(names[0]) \(placeholder)"
    }
  }
}

extension Diagnostic {
  static let noCommandLine = Diagnostic(
    rule: .internalError, message: "the description of the command line cannot be read")
}
