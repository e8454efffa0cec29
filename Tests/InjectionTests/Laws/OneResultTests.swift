import Foundation
import Injection
import ManifestText
import TestSupport
import Testing
import Output
import VaultInjectCLI
import Workloads

/// Law 10: what is printed is what a file would be rewritten with, and every other way out agrees with it.
@Suite struct OneResultTests {
  private static let talend = TalendDialect(
    TalendDialect.Settings(TalendSettings(), isExact: false))
  private static let hashicorp = HashiCorpDialect(HashiCorpDialect.Settings(HashiCorpSettings(), isExact: false))
  private static let openbao = OpenBaoDialect(OpenBaoSettings(), DialectOptions(isExact: false))
  private let law = OneResult(Injector(dialects: [talend, hashicorp, openbao]))
  private var delivery: InMemoryDelivery { law.delivery }

  @Test(arguments: 0..<6) func generatedManifests(_ batch: Int) {
    var changed = 0
    for seed in batch * 12..<(batch + 1) * 12 {
      var generator = ManifestGenerator(
        seed: UInt64(seed), language: [.hashicorp, .talend, .talend, .openbao][seed % 4])
      var random = SeededGenerator(seed: UInt64(seed))
      let text = generator.document()
      for prefix in OneResult.prefixes(before: text.utf8).shuffled(using: &random).prefix(8) {
        changed += check(prefix + text, "seed \(seed) after \(prefix.debugDescription)") ? 1 : 0
      }
    }
    #expect(changed > 50)
  }

  @Test func generatedManifestsBesideEachOther() throws {
    for seed in 0..<40 {
      var random = SeededGenerator(seed: UInt64(seed))
      var texts: [String] = []
      for index in 0..<3 {
        var generator = ManifestGenerator(
          seed: UInt64(seed * 3 + index), language: random.pick([.talend, .hashicorp, .openbao]))
        let text = generator.document()
        texts.append(random.pick(OneResult.prefixes(before: text.utf8)) + text)
      }
      texts.insert(random.pick(OneResultTests.extras), at: random.pick([0, 1, 2, 3]))
      try checkBeside(texts, "seeds from \(seed * 3) on")
    }
  }

  /// Inputs of other kinds, which may stand beside manifests.
  private static let extras = [
    "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"x\"}}",
    "\n\n---\n{\"kind\":\"ConfigMap\"}\n",
    "{\"kind\":\"A\"}\n{\"kind\":\"B\"}", "", "\n", "# nothing but a comment", "a: |+\n  kept\n\n", "a: |+\n  kept",
    "a: 1\n...\n",
    "a: 1\r\nb: 2", "--- # c\nkind: |\n  text\n", "{a: flow}",
  ]

  @Test(arguments: extras) func inputsOfOtherKinds(_ text: String) throws {
    for prefix in OneResult.prefixes {
      check(prefix + text, "\(text.debugDescription) after \(prefix.debugDescription)")
    }
    for other in OneResultTests.extras {
      try checkBeside([text, other, text], "\(text.debugDescription) and \(other.debugDescription)")
    }
  }

  @Test func examplesAndFixtures() throws {
    let root = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
    var count = 0
    for folder in ["examples", "examples/hashicorp", "Tests/Fixtures/robustness"] {
      let url = root.appending(path: folder)
      for name in try Fixtures.manifests(in: url) {
        let text = String(decoding: try Data(contentsOf: url.appending(path: name)), as: UTF8.self)
        for prefix in OneResult.prefixes[(count % 4)...].enumerated().filter({ $0.offset % 4 == 0 }).map(
          \.element)
        { check(prefix + text, "\(name) after \(prefix.debugDescription)") }
        count += 1
      }
    }
    #expect(count > 20)
  }

  // MARK: The law

  /// Asserts the law on one input, and that the other formats mean the same; true where it is injected.
  @discardableResult
  private func check(_ text: String, _ name: String) -> Bool {
    guard let written = law.check(Array(text.utf8), name) else { return false }
    let source = SourceText(name: name, bytes: Array(text.utf8))
    let documents = values(written.bytes, name)
    let holdsJSON = text.unicodeScalars.split(whereSeparator: { "\n\r\u{FEFF}".unicodeScalars.contains($0) }).contains {
      $0.first == "{"
    }
    if !holdsJSON {
      expectSame(delivery.printed([source], format: .yaml), written.bytes, "\(name): -o yaml")
    }
    expectEqual(values(delivery.printed([source], format: .yaml), "\(name): -o yaml"), documents, "\(name): -o yaml")
    expectEqual(json(delivery.printed([source], format: .json), name), documents, "\(name): -o json")
    return written.isChanged
  }

  /// Asserts that inputs that are printed one after the other mean what they mean alone.
  private func checkBeside(_ texts: [String], _ name: String) throws {
    let sources = texts.enumerated().map { SourceText(name: "\(name), \($0)", bytes: Array($1.utf8)) }
    for format in [nil, .yaml] as [OutputFormat?] {
      expectEqual(
        values(delivery.printed(sources, format: format), name), documents(of: sources, areLines: true),
        "\(name): printed together")
    }
    expectEqual(json(delivery.printed(sources, format: .json), name), documents(of: sources), "\(name): -o json")
  }

  /// What the inputs mean one by one, as they are written; those that are refused are left out.
  ///
  /// A line ends before another input begins, which may add the line break a block scalar was not given.
  private func documents(of sources: [SourceText], areLines: Bool = false) -> Value {
    let written = sources.filter { !delivery.refusesToPrint($0) }.compactMap { delivery.written($0)?.bytes }
    let last = written.lastIndex { !$0.isEmpty } ?? 0
    return .array(
      written.enumerated().flatMap { index, bytes in
        list(areLines && index < last && !bytes.isEmpty && bytes.last != 10 ? bytes + [10] : bytes, "input \(index)")
      })
  }

  /// What a text means, its empty documents left out.
  private func values(_ bytes: [UInt8], _ name: String) -> Value { .array(list(bytes, name)) }

  private func list(_ bytes: [UInt8], _ name: String) -> [Value] {
    do {
      let source = SourceText(name: name, bytes: bytes)
      return try DocumentStream(source).compactMap { piece in
        let document = try Document(piece, of: source)
        return try document.root.map { try document.value(of: $0) }
      }.filter { $0 != .null }
    } catch {
      Issue.record("\(name): cannot be read again: \(error)\n\(String(decoding: bytes, as: UTF8.self))")
      return []
    }
  }

  /// What a stream of JSON means, once an independent reader has taken each of its objects.
  private func json(_ bytes: [UInt8], _ name: String) -> Value {
    let source = SourceText(name: "\(name).json", bytes: bytes)
    do {
      for piece in try DocumentStream(source) where !bytes[piece.range].allSatisfy({ $0 <= 32 }) {
        _ = try JSONSerialization.jsonObject(with: Data(bytes[piece.range]), options: .fragmentsAllowed)
      }
    } catch {
      Issue.record("\(name): -o json is not JSON: \(error)\n\(String(decoding: bytes.prefix(300), as: UTF8.self))")
    }
    return values(bytes, source.name)
  }
}
