import ArgumentParser
import TestSupport
import Testing
import VaultInjectCLI

/// What completion knows of a command line, from its declarations and from the kubeconfig.
@Suite struct CompletionTests {
  /// A command line with every way to declare an argument.
  struct Tool: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "tool", subcommands: [Apply.self, Secret.self], defaultSubcommand: Apply.self)
  }

  struct Apply: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "apply", abstract: "Send it. With care.")
    @Option(help: "The context; of the kubeconfig.") var context: String?
    @Option var cluster: String?
    @Option var user: String?
    @Option(completion: .file()) var kubeconfig: String?
    @Option(name: .shortAndLong) var label: [String] = []
    @Flag(name: .shortAndLong) var force = false
    @Option(help: .hidden) var magic: String?
    @Argument(completion: .list(["now", "never"])) var when: String
    @Argument(completion: .directory) var folders: [String] = []
  }

  struct Secret: ParsableCommand {
    static let configuration = CommandConfiguration(shouldDisplay: false)
  }

  private func answer(_ words: String...) throws -> String {
    try Completion(of: Tool._dumpHelp()).answer(words).text
  }

  @Test func hiddenCommandsAndOptionsAreNotOffered() throws {
    #expect(try answer("") == "apply\tSend it\nhelp\tShow subcommand help information\n:0\n")
    #expect(try answer("--ma") == ":4\n")
  }

  @Test func optionsAreOfferedOnceUnlessTheyRepeat() throws {
    #expect(try answer("--f", "--fo") == "--force\n:4\n")
    #expect(try answer("-f", "--fo") == ":4\n")
    #expect(try answer("-fl", "a", "--force", "--la") == "--label\n:4\n")
  }

  @Test func argumentsFollowTheirOrderAndTheLastOneRepeats() throws {
    #expect(try answer("ne") == "never\n:4\n")
    #expect(try answer("now", "") == ":16\n")
    #expect(try answer("now", "a", "b", "") == ":16\n")
    #expect(try answer("apply", "n") == "now\nnever\n:4\n")
  }

  @Test func dashesMeanNothingBehindTheTerminator() throws {
    #expect(try answer("--", "--fo") == ":4\n")
    #expect(try answer("--", "now", "-") == ":16\n")
  }

  @Test func theKubeconfigGivesItsNames() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "config",
      """
      contexts:
      - {name: dev, context: {cluster: c, user: u, namespace: shop}}
      - {name: "prod", context: {cluster: c}}
      - {name: "with\\nbreak"}
      - context: {}
      clusters: [{name: c, cluster: {server: "https://x"}}]
      users: [{name: u, user: {token: secret}}, {name: u}]
      """)
    #expect(try answer("--kubeconfig", path, "--context", "") == "dev\nprod\n:4\n")
    #expect(try answer("--kubeconfig=\(path)", "--cluster", "") == "c\n:4\n")
    #expect(try answer("--kubeconfig", path, "--user=") == "u\n:4\n")
    #expect(try answer("--kubeconfig", path + "-missing", "--context", "") == ":4\n")
  }
}
