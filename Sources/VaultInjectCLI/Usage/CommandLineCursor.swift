/// What a command line has that the declarations do not allow, or does not have that they require.
enum UsageProblem: Equatable, Sendable {
  case unknownOption(String, value: String?)
  case missingValue(of: ArgumentDeclaration, named: String)
  case unknownValue(String, of: ArgumentDeclaration, named: String)
  case surplusValue(String, of: String)
  case surplusArgument(String)
  case missingArgument(ArgumentDeclaration)
}

/// The place a command line's last word stands in: which command it belongs to, and what is expected there.
struct CommandLineCursor {
  /// The command the words so far lead to.
  private(set) var command: CommandTree
  /// The names of the commands that lead there, the program's first.
  private(set) var path: [String]
  /// The option whose value is to come; nil where none is.
  private(set) var pending: ArgumentDeclaration?
  /// How many arguments without a name there were.
  private(set) var positionalCount = 0
  /// True after `--`, where dashes mean nothing any more.
  private(set) var isAfterTerminator = false
  /// Options that were given, with their values where they have one.
  private(set) var given: [(option: ArgumentDeclaration, value: String?)] = []
  /// The first word that the declarations do not allow; nil where there is none.
  private(set) var problem: UsageProblem?
  /// The name that the option whose value is to come was given by.
  private var pendingName = ""

  /// Follows the words before the one that is being completed.
  init(_ root: CommandTree, words: some Sequence<String>) {
    command = root
    path = [root.name]
    for word in words { take(word) }
  }

  /// The options that can stand here: those of the command, and of the one that is meant without being named.
  var options: [ArgumentDeclaration] {
    let implied = command.implied?.arguments.filter { command.option($0.names.first ?? "") == nil }
    return (command.arguments + (implied ?? [])).filter { $0.kind != .positional }
  }

  /// The argument without a name that can stand here; nil where none can.
  var positional: ArgumentDeclaration? {
    let declared = (command.implied ?? command).positionals
    if positionalCount < declared.count { return declared[positionalCount] }
    return declared.last.flatMap { $0.isRepeating ? $0 : nil }
  }

  /// True where the name of a subcommand can stand.
  var acceptsSubcommand: Bool { positionalCount == 0 && !isAfterTerminator }

  /// The option with this name, dashes included.
  func option(_ name: String) -> ArgumentDeclaration? {
    command.option(name) ?? command.implied?.option(name)
  }

  /// The last value that an option of this name was given.
  func value(of name: String) -> String? { given.last { $0.option.names.contains(name) }?.value }

  private mutating func take(_ word: String) {
    if let option = pending {
      pending = nil
      note(word, for: option, named: pendingName)
    } else if isAfterTerminator || !word.hasPrefix("-") || word == "-" {
      takeArgument(word)
    } else if word == "--" {
      isAfterTerminator = true
    } else if word.hasPrefix("--") {
      takeLong(word)
    } else {
      takeShort(word)
    }
  }

  private mutating func takeArgument(_ word: String) {
    if acceptsSubcommand, let next = command.subcommand(word) {
      descend(into: next)
    } else {
      descendIntoImplied()
      if let positional {
        if !positional.values.isEmpty, !positional.values.contains(word) {
          find(.unknownValue(word, of: positional, named: positional.valueName))
        }
      } else {
        find(.surplusArgument(word))
      }
      positionalCount += 1
    }
  }

  private mutating func takeLong(_ word: String) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let value = parts.count > 1 ? parts[1] : nil
    guard let option = option(parts[0]) else { return find(.unknownOption(parts[0], value: value)) }
    note(option, named: parts[0], value: value)
  }

  /// Letters after one dash: flags, and perhaps an option as the last of them.
  private mutating func takeShort(_ word: String) {
    var last: String?
    for index in word.indices.dropFirst() {
      let letter = word[index]
      guard let option = option("-\(letter)") else {
        if let last, !letter.isLetter { return find(.surplusValue(String(word[index...]), of: last)) }
        return find(.unknownOption(word, value: nil))
      }
      note(option, named: "-\(letter)", value: nil)
      last = "-\(letter)"
    }
  }

  private mutating func note(_ option: ArgumentDeclaration, named name: String, value: String?) {
    if command.option(option.names[0]) == nil { descendIntoImplied() }
    switch (option.kind, value) {
    case (.option, let value?): note(value, for: option, named: name)
    case (.option, nil): (pending, pendingName) = (option, name)
    case (_, let value):
      if let value { find(.surplusValue(value, of: name)) }
      given.append((option, value))
    }
  }

  private mutating func note(_ value: String, for option: ArgumentDeclaration, named name: String) {
    given.append((option, value))
    if value.hasPrefix("-"), value != "-" {
      find(.missingValue(of: option, named: name))
    } else if !option.values.isEmpty, !option.values.contains(value) {
      find(.unknownValue(value, of: option, named: name))
    }
  }

  private mutating func find(_ problem: UsageProblem) {
    if self.problem == nil { self.problem = problem }
  }

  /// What is wrong with the line as a whole, once all of its words are taken; nil where nothing is.
  var problemOfAll: UsageProblem? {
    if let problem { return problem }
    if let pending { return .missingValue(of: pending, named: pendingName) }
    let missing = command.arguments.filter { argument in
      !argument.isOptional && !given.contains { $0.option == argument }
    }
    guard let first = missing.first(where: { $0.kind != .positional || positionalCount == 0 }) else { return nil }
    return .missingArgument(first)
  }

  private mutating func descendIntoImplied() {
    if let implied = command.implied { descend(into: implied) }
  }

  private mutating func descend(into next: CommandTree) {
    command = next
    path.append(next.name)
  }
}
