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
      given.append((option, word))
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
      positionalCount += 1
    }
  }

  private mutating func takeLong(_ word: String) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let option = option(parts[0]) else { return }
    note(option, value: parts.count > 1 ? parts[1] : nil)
  }

  /// Letters after one dash: flags, and perhaps an option as the last of them.
  private mutating func takeShort(_ word: String) {
    for letter in word.dropFirst() {
      guard let option = option("-\(letter)") else { return }
      note(option, value: nil)
    }
  }

  private mutating func note(_ option: ArgumentDeclaration, value: String?) {
    if command.option(option.names[0]) == nil { descendIntoImplied() }
    if option.kind == .option, value == nil {
      pending = option
    } else {
      given.append((option, value))
    }
  }

  private mutating func descendIntoImplied() {
    if let implied = command.implied { descend(into: implied) }
  }

  private mutating func descend(into next: CommandTree) {
    command = next
    path.append(next.name)
  }
}
