import Injection
import ManifestText
import TestSupport
import Testing

/// Asserts that `lint` finds the same of a manifest before and after its injection, places aside.
struct LintLaw {
  /// What is about pods that are not injected, and is put right by injecting them.
  private static let rulesOfUninjected: [Rule] = [.unknownToWebhook]

  private let injector: Injector
  private let linter: Linter

  init(_ dialects: [any Dialect]) {
    injector = Injector(dialects: dialects)
    linter = Linter(injector.seekingReferences())
  }

  /// Asserts the law; how much was found, or nil where the input is refused or holds nothing to inject.
  @discardableResult
  func check(_ bytes: [UInt8], _ name: String) -> Int? {
    let source = SourceText(name: name, bytes: bytes)
    guard let injected = try? injected(source), injected.bytes != bytes else { return nil }
    do {
      let before = try findings(in: source, but: Self.rulesOfUninjected)
      let after = try findings(in: injected)
      let gone = before.filter { !after.contains($0) }.joined(separator: "\n  ")
      let new = after.filter { !before.contains($0) }.joined(separator: "\n  ")
      let text = beginning(of: bytes)
      #expect(before == after, "\(name): lint does not say any more\n  \(gone)\nand says now\n  \(new)\n\(text)")
      return before.count
    } catch {
      Issue.record("\(name): \(error)\n\(beginning(of: bytes))")
      return nil
    }
  }

  /// The text with everything injected; nil where any of it is refused.
  private func injected(_ source: SourceText) throws -> SourceText? {
    let injector = injector.informed(by: source)
    var output: [UInt8] = []
    for piece in try DocumentStream(source) {
      let plan = injector.plan(for: try Document(piece, of: source))
      guard plan.refusals.isEmpty else { return nil }
      output += plan.isEmpty ? Array(source.bytes[piece.range]) : try plan.result().source.bytes
    }
    return SourceText(name: source.name, bytes: output)
  }

  /// Object, severity, rule, sentence and hint of everything that is found.
  private func findings(in source: SourceText, but rules: [Rule] = []) throws -> [String] {
    let linter = linter.informed(by: source)
    var findings: [String] = []
    for piece in try DocumentStream(source) {
      for object in linter.plan(for: try Document(piece, of: source)).objects {
        let name = object.object?.displayName ?? ""
        for finding in object.findings + object.refusals where !rules.contains(finding.rule) {
          findings.append("\(name): \(finding.severity): \(finding.message) [\(finding.rule)] \(finding.hint ?? "")")
        }
        if let address = object.assumedAddress { findings.append("\(name): asks Vault at \(address)") }
      }
    }
    return findings.sorted()
  }
}
