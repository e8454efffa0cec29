import Foundation
import ManifestText
import TestSupport
import Testing

/// The laws of editing, without anything that injects.
@Suite struct EditLawTests {
  @Test(arguments: 0..<10) func generatedDocuments(_ batch: UInt64) {
    var edited = 0
    for seed in batch * 300..<(batch + 1) * 300 {
      var generator = ManifestGenerator(seed: seed, language: seed.isMultiple(of: 3) ? .hashicorp : .talend)
      edited += EditLaws.check(Array(generator.document().utf8), "seed \(seed)", seed: seed)
    }
    #expect(edited > 290)
  }

  /// What is to be read is read from JSON, too, in every layout.
  @Test(arguments: 0..<4) func generatedDocumentsInJSON(_ batch: UInt64) throws {
    for seed in batch * 100..<(batch + 1) * 100 {
      var generator = ManifestGenerator(seed: seed)
      let value = try Fixtures.value(Array(generator.document().utf8))
      for (layout, bytes) in [
        ("compact", JSONWriter.compact(value)), ("spaced", JSONWriter.compact(value, spaced: true)),
        ("pretty", JSONWriter.pretty(value)), ("tabs", Self.withTabs(JSONWriter.pretty(value))),
      ] {
        EditLaws.check(bytes, "seed \(seed), \(layout)", seed: seed, judgedByYams: false)
      }
    }
  }

  private static func withTabs(_ bytes: [UInt8]) -> [UInt8] {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let indented = lines.map { line in
      let indent = line.prefix { $0 == " " }.count
      return String(repeating: "\t", count: indent / 2) + line.dropFirst(indent)
    }
    return Array(indented.joined(separator: "\n").utf8)
  }

  static let folders = ["Fixtures/found", "Fixtures/robustness", "../examples", "../examples/hashicorp"]

  @Test(arguments: folders) func files(_ folder: String) throws {
    let place = Fixtures.folder.deletingLastPathComponent().appending(path: folder)
    let names = try Fixtures.manifests(in: place)
    var edited = 0
    for name in names.sorted() {
      let bytes = Array(try Data(contentsOf: place.appending(path: name)))
      for seed in 0..<20 as Range<UInt64> {
        edited += EditLaws.check(bytes, "\(name), seed \(seed)", seed: seed, judgedByYams: false)
      }
    }
    #expect(edited > 5 * names.count)
  }

  /// What is broken is refused at a place, or read as something else.
  @Test(arguments: 0..<4) func brokenTexts(_ batch: UInt64) {
    for seed in batch * 250..<(batch + 1) * 250 {
      var generator = ManifestGenerator(seed: seed)
      var random = SeededGenerator(seed: seed)
      var bytes = Array(generator.document().utf8)
      let place = Int.random(in: 0..<bytes.count, using: &random)
      if random.oneIn(3) {
        bytes.removeSubrange(place...)
      } else {
        bytes[place] = random.pick(Array("{}[]:,'\"&*!|>%@`#?- \t\r\n".utf8) + [0, 0x80, 0xFF])
      }
      EditLaws.check(bytes, "broken \(seed)", seed: seed, judgedByYams: false)
    }
  }

  /// An edit that the document has no place for is refused where that shows.
  @Test(arguments: 0..<200 as Range<UInt64>) func editsWithoutAPlace(_ seed: UInt64) throws {
    var generator = ManifestGenerator(seed: seed)
    let bytes = Array(generator.document().utf8)
    let document = try Fixtures.document(bytes, name: "seed \(seed)")
    let name = Path().appending("metadata").appending("name")
    let kind = Path().appending("kind")
    for path in [name, kind] {
      let node = try #require(try document.node(at: path))
      var edits = Edits(document: document)
      let appending = #expect(throws: Diagnostic.self) { try edits.append(["x"], to: path) }
      let setting = #expect(throws: Diagnostic.self) { try edits.set("x", at: path.appending("below")) }
      for refusal in [appending, setting].compactMap(\.self) {
        #expect(refusal.rule == .wrongType && refusal.range == document.range(of: node), "\(refusal)")
      }
      #expect(edits.isEmpty)
    }
    let containers = Path().appending("spec").appending("template").appending("spec").appending("containers")
    var edits = Edits(document: document)
    let refusal = #expect(throws: Diagnostic.self) { try edits.set("x", at: containers.appending("name")) }
    #expect(refusal?.range != nil)
  }
}
