internal import ManifestText
internal import Output
internal import Platform

/// What is wrong with a command line, told by what its declarations allow.
struct UsageFault {
  /// What stands between the message of a command's own check and its hint.
  static let hintMark = "\nhint: "

  private let root: CommandTree
  private let words: [String]
  private let cursor: CommandLineCursor

  /// Looks at the words after the program's name.
  init(in words: [String], of root: CommandTree) {
    (self.root, self.words) = (root, words)
    cursor = CommandLineCursor(root, words: words)
  }

  /// The finding about the first thing that is wrong; where the declarations allow everything, one of this message.
  func diagnostic(otherwise message: String) -> Diagnostic {
    switch cursor.problemOfAll {
    case .unknownOption(let name, let value): unknownOption(name, value)
    case .missingValue(let option, let name): missingValue(of: option, named: name)
    case .unknownValue(let value, let option, let name): unknownValue(value, of: option, named: name)
    case .surplusValue(let value, let name): UsageFault.surplusValue(value, of: name)
    case .surplusArgument(let word): .usage("`\(word)` is one argument too many", hint: surplusHint(word))
    case .missingArgument(let argument): .usage("\(subject) needs \(argument.usage)", hint: usageHint)
    case nil: UsageFault.validation(message)
    }
  }

  /// The finding about a value that an option is given which takes none, if that is the first thing that is wrong.
  var ofSurplusValue: Diagnostic? {
    if case .surplusValue(let value, let name) = cursor.problemOfAll {
      UsageFault.surplusValue(value, of: name)
    } else {
      nil
    }
  }

  private static func surplusValue(_ value: String, of name: String) -> Diagnostic {
    .usage("`\(name)` is on or off and takes no value, but was given `\(value)`", hint: "write \(name) alone")
  }

  /// What the options say does not go together, with the hint that may stand below it.
  private static func validation(_ message: String) -> Diagnostic {
    guard let mark = message.firstRange(of: hintMark) else { return .usage(message, hint: nil) }
    return .usage(String(message[..<mark.lowerBound]), hint: String(message[mark.upperBound...]))
  }

  /// The command that was named; the program where none was.
  private var isImplied: Bool { cursor.path.count < 2 || words.first != cursor.path[1] }

  private var subject: String {
    "`\((isImplied ? cursor.path.prefix(1) : cursor.path.dropFirst()).joined(separator: " "))`"
  }

  private var help: String { "\((isImplied ? cursor.path.prefix(1) : cursor.path[...]).joined(separator: " ")) --help" }

  private var usageHint: String { "see \(help)" }

  /// What to do about an argument too many, of which a command that has a word for manifests tells more.
  private func surplusHint(_ word: String) -> String {
    let hint = UsageFault.isFile(word) ? OptionGuess.hint(for: "-f", in: cursor.command, value: word) : nil
    return hint ?? usageHint
  }

  private var takesOptions: Bool { cursor.options.contains { !["--help", "--version"].contains($0.names[0]) } }

  // MARK: Options

  private func unknownOption(_ name: String, _ value: String?) -> Diagnostic {
    let found = isImplied ? "there is no option `\(name)`" : "\(subject) has no option `\(name)`"
    let guess = OptionGuess.hint(
      for: name, in: cursor.command.implied ?? cursor.command, value: value ?? valueAfter(name))
    let list = isImplied ? "\(cursor.path[0]) inject --help" : help
    let other = guess ?? owners(of: name) ?? nearest(to: name)
    return .usage(found, hint: other ?? (takesOptions ? "\(list) lists the options" : usageHint))
  }

  /// The word after an option, where it may be its value; nil for an option and for a file.
  private func valueAfter(_ name: String) -> String? {
    guard let index = words.firstIndex(of: name), let next = words.dropFirst(index + 1).first else { return nil }
    return next.hasPrefix("-") || UsageFault.isFile(next) ? nil : next
  }

  private static func isFile(_ word: String) -> Bool {
    Format.isOfManifest(word) || (try? FileStatus(of: word)) != nil
  }

  /// The commands that take an option; nil where none does.
  private func owners(of name: String) -> String? {
    let owners = root.subcommands.filter { !$0.isHidden && $0.option(name) != nil }.map(\.name)
    guard let last = owners.last else { return nil }
    let others = owners.dropLast()
    return others.isEmpty ? "only `\(last)` takes it" : "it belongs to \(others.joined(separator: ", ")) and \(last)"
  }

  private func nearest(to name: String) -> String? {
    let names = cursor.options.filter { !$0.isHidden }.flatMap(\.names)
    // Go's programs take long options after one dash, too.
    let bare = String(name.drop { $0 == "-" })
    let other = "-" + (bare == bare.lowercased() ? bare.uppercased() : bare.lowercased())
    if let meant = ["--\(bare)", other].first(where: names.contains) { return "did you mean \(meant)?" }
    let long = names.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) }
    return NearestName.nearest(to: bare, among: long).map { "did you mean --\($0)?" }
  }

  // MARK: Values

  private func missingValue(of option: ArgumentDeclaration, named name: String) -> Diagnostic {
    .usage("`\(name)` has no value", hint: "write \(name) \(option.placeholder)")
  }

  private func unknownValue(_ value: String, of option: ArgumentDeclaration, named name: String) -> Diagnostic {
    let values = option.values
    let list = values.dropLast().joined(separator: ", ") + (values.count > 1 ? " or " : "") + (values.last ?? "")
    let message =
      "\(option.kind == .positional ? "the \(name)" : "`\(name)`") cannot be \(value.isEmpty ? "empty" : "`\(value)`")"
    if option.names.first == "--output", value.contains(".") || value.contains("/") {
      return .usage(message, hint: "to write a file, send standard output there: > FILE; a format is \(list)")
    }
    let meant = ValueGuess.value(for: value, among: values) ?? NearestName.nearest(to: value, among: values)
    return .usage(message, hint: meant.map { "did you mean \($0)? it has to be \(list)" } ?? "it has to be \(list)")
  }
}

/// An option with its value, as messages have it.
enum OptionText {
  /// The two as they were written; an empty value is told in words.
  static func quoted(_ option: String, _ value: String) -> String {
    value.isEmpty ? "an empty `\(option)`" : "`\(option) \(value)`"
  }
}

extension Diagnostic {
  /// A finding about the command line.
  fileprivate static func usage(_ message: String, hint: String?) -> Diagnostic {
    Diagnostic(rule: .usage, message: message, hint: hint)
  }
}
