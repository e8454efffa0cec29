internal import Output
internal import ManifestText
internal import Platform

/// Another program, which makes manifests of a folder and prints them.
struct Renderer: Sendable {
  /// What it is called in messages, such as `kubectl kustomize`.
  let name: String
  /// The program, looked for on `PATH`.
  let program: String
  let arguments: [String]
  /// What it reads on standard input.
  var input: [UInt8] = []
  /// What is said where there is no such program.
  let missing: Diagnostic
  /// The rule of what is said where it fails.
  let failure: String

  /// What `kubectl kustomize` builds of a folder.
  static func kustomize(_ folder: String, with kubectl: String = "kubectl") -> Renderer {
    Renderer(
      name: "kubectl kustomize", program: kubectl,
      // A folder is no option, whatever it is called.
      arguments: ["kustomize", folder.hasPrefix("-") ? "./\(folder)" : folder], missing: .kubectlMissing,
      failure: "kustomize-failed")
  }

  /// Runs the program; what it printed, and what it said beside that.
  func run(named input: String) throws(Fault) -> (output: [UInt8], words: String) {
    let outcome: Subprocess.Outcome
    do throws(SystemError) {
      outcome = try Subprocess(program, arguments, input: self.input).run()
    } catch .noSuchFile {
      throw Fault(.unavailable, input: input, missing)
    } catch {
      throw Fault(.unavailable, input: input, .notStarted(program, error, rule: missing.rule))
    }
    let words = Renderer.text(outcome.errors)
    guard outcome.succeeded else {
      throw Fault(
        .refused, input: input, .renderingFailed(name, outcome.ending, saying: words, rule: failure))
    }
    return (outcome.output, words)
  }

  /// What a program said, without the white space around it.
  private static func text(_ bytes: [UInt8]) -> String {
    let start = bytes.firstIndex { !ASCII.isWhite($0) } ?? bytes.endIndex
    let end = bytes.lastIndex { !ASCII.isWhite($0) }.map { $0 + 1 } ?? start
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}
