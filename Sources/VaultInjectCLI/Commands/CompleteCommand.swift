internal import ArgumentParser
internal import ManifestText

/// Answers the completion scripts, and kubectl through `kubectl_complete-vault_inject`.
struct CompleteCommand: ParsableCommand {
  static let name = "__complete"

  static let configuration = CommandConfiguration(
    commandName: name, abstract: "Print what the last word can become, for completion scripts.",
    shouldDisplay: false)

  @Argument(
    parsing: .captureForPassthrough,
    help: "The words after the program's name; the last one is being completed, and may be empty.")
  var words: [String] = []

  func run() throws {
    let completion = try Completion(VaultInject.self)
    print(completion.answer(words).text, terminator: "")
  }
}
