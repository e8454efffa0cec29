internal import ManifestText
internal import Platform

/// A command and all below it, as their declarations have them; completion knows the command line from here alone.
struct CommandTree: Equatable, Sendable {
  let name: String
  let summary: String
  /// True where help does not show the command.
  let isHidden: Bool
  /// The subcommand that is meant where none is named.
  let defaultSubcommand: String?
  let subcommands: [CommandTree]
  let arguments: [ArgumentDeclaration]

  /// Reads the description of a command and its subcommands.
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
  let isHidden: Bool
  let isRepeating: Bool
  /// Every value it takes; empty where they are not known.
  let values: [String]
  /// The files it takes; nil where it takes none.
  let files: Files?

  fileprivate init?(_ value: Value) {
    guard let kind = value["kind"]?.string.flatMap(Kind.init) else { return nil }
    self.kind = kind
    let preferred = value["preferredName"].map(ArgumentDeclaration.name)
    let all = (value["names"]?.array ?? []).map(ArgumentDeclaration.name)
    names = [preferred].compactMap(\.self) + all.filter { $0 != preferred }
    summary = value["abstract"]?.string ?? ""
    isHidden = value["shouldDisplay"] == false
    isRepeating = value["isRepeating"] == true
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
}

extension Diagnostic {
  static let noCommandLine = Diagnostic(
    rule: "internal-error", message: "the description of the command line cannot be read")
}
