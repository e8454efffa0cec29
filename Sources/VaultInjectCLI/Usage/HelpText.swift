internal import ManifestText
internal import Output
internal import Platform

/// The help of a command, as kubectl's looks: what it does, examples, its options, and how it is called.
struct HelpText {
  /// The title of the options that `options` lists for all commands.
  static let clusterSection = "Cluster"
  /// The name of the program in examples, whatever name it was started under.
  private static let nameInExamples = "kubectl vault-inject"
  /// What every command has, and help need not say.
  private static let everywhere = ["--help", "--version"]
  /// What is said of an option begins in this column.
  private static let summaryColumn = 29

  /// The words that lead to the command, the program's name first.
  let path: [String]
  let command: CommandTree
  /// Examples as they are typed, each after a comment.
  let examples: String
  /// How wide the lines may be.
  var columns = 80

  /// The help in full.
  var text: String {
    var parts = [wrapped(command.summary), wrapped(command.discussion), ["Examples:"] + exampleLines]
    parts += command.implied.map(mostUsed) ?? sections(of: command)
    parts += [commands, ["Usage:", "  \(usage)"], more]
    return HelpText.joined(parts)
  }

  /// The options for reaching a cluster, wherever they are taken, and the variables that count.
  static func options(of root: CommandTree, columns: Int) -> String {
    let takers = root.subcommands.filter(\.reachesCluster)
    let help = HelpText(path: [root.name], command: takers.first ?? root, examples: "", columns: columns)
    let names = takers.map(\.name).joined(separator: ", ")
    return joined([
      help.wrapped(
        "These options choose a cluster and reach it, as kubectl's do; they count where a cluster is asked."),
      help.wrapped("They are taken by \(names)."),
      help.section(clusterSection, of: help.command),
      ["Environment:"] + EnvironmentVariable.all.flatMap { help.entry("  \($0.name)", $0.summary) },
    ])
  }

  private static func joined(_ parts: [[String]]) -> String {
    parts.filter { $0 != [""] && !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private var program: String { path[0] }

  private var exampleLines: [String] {
    ByteText.pieces(of: examples, around: "\n").map { line in
      line.isEmpty ? "" : "  " + ByteText.pieces(of: line, around: HelpText.nameInExamples).joined(separator: program)
    }
  }

  // MARK: Options

  /// The options of each section but those for reaching a cluster; those without a title last, unless one is required.
  private func sections(of command: CommandTree) -> [[String]] {
    let requires = command.arguments.contains { $0.section.isEmpty && !$0.isOptional }
    var titles = requires ? [""] : []
    for title in command.arguments.map(\.section) where !title.isEmpty && !titles.contains(title) {
      titles.append(title)
    }
    if !requires { titles.append("") }
    return titles.filter { $0 != HelpText.clusterSection }.map { section($0, of: command) }
  }

  private func section(_ title: String, of command: CommandTree) -> [String] {
    let arguments = shown(command).filter { $0.section == title }
    if arguments.isEmpty { return [] }
    return ["\(title.isEmpty ? "Options" : title):"]
      + arguments.flatMap { entry(HelpText.label(of: $0), summary(of: $0)) }
  }

  /// The first two sections of a command in brief.
  private func mostUsed(of command: CommandTree) -> [[String]] {
    let titles = ["Input", "Output"]
    let arguments = shown(command).filter { titles.contains($0.section) }
    return [
      ["Options used most:"]
        + arguments.flatMap { entry(HelpText.label(of: $0), CommandTree.firstSentence($0.summary) + ".") }
    ]
  }

  private func shown(_ command: CommandTree) -> [ArgumentDeclaration] {
    command.arguments.filter { argument in
      !argument.isHidden && !argument.names.contains { HelpText.everywhere.contains($0) }
    }
  }

  private func summary(of argument: ArgumentDeclaration) -> String {
    argument.defaultValue.map { "\(argument.summary) (default \($0))" } ?? argument.summary
  }

  /// An option as help lists it: `  -f, --filename FILE`.
  private static func label(of argument: ArgumentDeclaration) -> String {
    if argument.kind == .positional { return "  \(argument.usage)" }
    return "  \(argument.shortName.map { "\($0), " } ?? "    ")\(argument.usage)"
  }

  /// A label and what there is to say about it, beside it where it fits.
  private func entry(_ label: String, _ summary: String) -> [String] {
    let column = HelpText.summaryColumn
    let free = column - TerminalWidth.columns(of: label)
    let lines = WrappedText(summary, columns: columns, from: column, indent: column).lines
    guard free > 1 else { return [label, String(repeating: " ", count: column) + lines[0]] + lines.dropFirst() }
    return [label + String(repeating: " ", count: free) + lines[0]] + lines.dropFirst()
  }

  private func wrapped(_ text: String) -> [String] { WrappedText(text, columns: columns).lines }

  // MARK: Commands

  private var commands: [String] {
    let commands = command.subcommands.filter { !$0.isHidden && $0.name != "help" }
    return commands.isEmpty ? [] : ["Commands:"] + commands.flatMap { entry("  \($0.name)", $0.summary) }
  }

  private var usage: String {
    let target = command.implied ?? command
    let isGroup = !command.subcommands.isEmpty && command.implied == nil
    let required = target.arguments.filter { !$0.isOptional && $0.kind != .positional }.map(\.usage)
    let hasOptions = shown(target).contains { $0.kind != .positional }
    let words =
      required + (hasOptions ? ["[options]"] : [])
      + target.positionals.map { $0.isOptional ? "[\($0.usage)]" : $0.usage }
    return (path + (command.implied == nil ? [] : ["[COMMAND]"]) + (isGroup ? ["COMMAND"] : words))
      .joined(separator: " ")
  }

  private var more: [String] {
    var lines: [String] = []
    if !command.subcommands.isEmpty {
      lines.append("Use \"\((path + ["COMMAND"]).joined(separator: " ")) --help\" for more about a command.")
    }
    if command.reachesCluster {
      lines.append("Use \"\(program) options\" for a list of the options for reaching a cluster.")
    }
    return lines
  }
}

extension CommandTree {
  /// Whether this, or a command below it, takes the options for reaching a cluster.
  fileprivate var reachesCluster: Bool {
    arguments.contains { $0.section == HelpText.clusterSection } || subcommands.contains(where: \.reachesCluster)
  }
}

/// A variable of the environment that this program heeds.
private struct EnvironmentVariable {
  let name: String
  let summary: String

  static let all = [
    EnvironmentVariable(
      name: "NO_COLOR, CLICOLOR=0", summary: "Nothing is coloured, unless --color says so."),
    EnvironmentVariable(
      name: "FORCE_COLOR, CLICOLOR_FORCE", summary: "Colour in pipes and files, too, unless NO_COLOR is set; 0 is off."),
    EnvironmentVariable(name: "COLUMNS", summary: "How wide lines are at a terminal, instead of what it says itself."),
    EnvironmentVariable(name: "KUBECONFIG", summary: "The kubeconfig files, as kubectl reads them."),
    EnvironmentVariable(
      name: "KUBECTL_EXTERNAL_DIFF", summary: "The program that `diff` compares with, instead of its own comparison."),
    EnvironmentVariable(
      name: "VAULT_INJECT_REPORT", summary: "The file the report is written into, as --report-file has it."),
  ]
}
