import ManifestText
import TestSupport
import Testing
import Yams

/// Asserts what is promised of every edit, on one input and the random edits of a seed.
enum EditLaws {
  /// Asserts the laws; the number of documents that were edited.
  ///
  /// An input that cannot be read has to be refused at a place.
  @discardableResult
  static func check(_ bytes: [UInt8], _ name: String, seed: UInt64, judgedByYams: Bool = true) -> Int {
    let source = SourceText(name: name, bytes: bytes)
    var edited = 0
    do {
      for piece in try DocumentStream(source) {
        let document = try Document(piece, of: source)
        guard document.root != nil else { continue }
        try expectIdentity(document)
        edited += try check(document, seed: seed, judgedByYams: judgedByYams) ? 1 : 0
      }
    } catch let diagnostic as Diagnostic {
      expectPlace(of: diagnostic, in: bytes, name)
    } catch {
      Issue.record("\(name): \(error)\n\(beginning(of: bytes))")
    }
    return edited
  }

  private static func check(_ document: Document, seed: UInt64, judgedByYams: Bool) throws -> Bool {
    let plan = try RandomEdits(document, seed: seed)
    guard !plan.edits.isEmpty else { return false }
    let (textEdits, after) = try spliced(plan.edits)
    expectLocality(textEdits, document, after)
    try expectMeaning(plan.edits, document, after, judgedByYams: judgedByYams)
    try expectLayout(plan, textEdits, document)
    try expectDeterminism(textEdits, document, seed: seed)
    return true
  }

  /// The edits of the text, and what they make of it; a plan that fails is shown.
  private static func spliced(_ edits: Edits) throws -> ([TextEdit], Document) {
    let textEdits = try edits.textEdits()
    do {
      return (textEdits, try edits.spliced(by: textEdits))
    } catch {
      let plan = edits.operations.map { "\($0.kind) \($0.path): \(text($0.value))" }.joined(separator: "\n")
      let output = textEdits.applied(to: edits.document.source.bytes, in: edits.document.range)
      Issue.record("\(edits.document.source.name): \(plan)\n--- gives\n\(beginning(of: output))")
      throw error
    }
  }

  private static func text(_ value: Value) -> String { String(decoding: JSONWriter.compact(value), as: UTF8.self) }

  /// Identity: where nothing is planned, every byte stays.
  private static func expectIdentity(_ document: Document) throws {
    let after = try Edits(document: document).spliced()
    expectSame(after.source.bytes, Array(document.source.bytes[document.range]), "\(document.source.name): identity")
  }

  /// Locality: what no edit covers is there afterwards, to the byte and in order.
  private static func expectLocality(_ edits: [TextEdit], _ document: Document, _ after: Document) {
    let name = document.source.name
    #expect(edits.areDisjoint, "\(name): edits overlap")
    for stretch in edits.kept(in: document.range) {
      expectSame(
        Array(after.source.bytes[stretch.after]), Array(document.source.bytes[stretch.before]), "\(name): locality")
    }
    let kept = edits.kept(in: document.range).reduce(0) { $0 + $1.before.count }
    let gone = edits.reduce(0) { $0 + $1.range.count }
    #expect(kept + gone == document.range.count, "\(name): locality")
  }

  /// Meaning: the new text means what was planned, by two roads and to another reader.
  private static func expectMeaning(
    _ edits: Edits, _ before: Document, _ after: Document, judgedByYams: Bool
  ) throws {
    let name = before.source.name
    let was = try before.value(of: #require(before.root))
    let now = try after.value(of: #require(after.root)).sorted
    expectEqual(now, edits.tree.applied(to: was).sorted, "\(name): meaning")
    expectEqual(now, try JSONPatchApplier.apply(edits.operations, to: was).sorted, "\(name): two roads")
    guard judgedByYams else { return }
    let judged = try Yams.load(yaml: IndependentReader.input(after.source.bytes[...]))
    expectEqual(
      now, IndependentReader.value(judged).sorted, "\(name): what it means\n\(beginning(of: after.source.bytes))")
  }

  /// Layout: what comes has the line endings of its neighbours, and what stands on one line stays there; elements and
  /// entries that are added to others take nothing away.
  private static func expectLayout(_ plan: RandomEdits, _ edits: [TextEdit], _ document: Document) throws {
    let name = document.source.name
    let text = document.source.bytes[document.range]
    let endings = lineEndings(text, isYAML: document.format == .yaml)
    guard endings.count <= 1 else { return }
    for edit in edits {
      let own = lineEndings(edit.text[...], isYAML: document.format == .yaml)
      let shown = String(decoding: edit.text, as: UTF8.self).debugDescription
      #expect(own.isSubset(of: endings.isEmpty ? ["\n"] : endings), "\(name): line endings of \(shown)")
    }
    let hasAliases = text.contains(UInt8(ascii: "*"))
    let removes = edits.contains { !$0.range.isEmpty }
    #expect(!plan.onlyAdds || hasAliases || !removes, "\(name): only adds")
  }

  private static func lineEndings(_ bytes: ArraySlice<UInt8>, isYAML: Bool) -> Set<String> {
    let known: Set<Character> = isYAML ? ["\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}"] : ["\n", "\r", "\r\n"]
    return Set(String(decoding: bytes, as: UTF8.self).filter(known.contains).map(String.init))
  }

  /// Determinism: the same plan for the same bytes gives the same edits.
  private static func expectDeterminism(_ edits: [TextEdit], _ document: Document, seed: UInt64) throws {
    let again = try document.reread(Array(document.source.bytes[document.range]))
    let repeated = try RandomEdits(again, seed: seed).edits.textEdits()
    #expect(
      repeated.map(\.text) == edits.map(\.text)
        && repeated.map(\.range.lowerBound) == edits.map { $0.range.lowerBound - document.range.lowerBound },
      "\(document.source.name): determinism")
  }

  /// Refusal: it names a place of the input, and blames the input.
  static func expectPlace(of diagnostic: Diagnostic, in bytes: [UInt8], _ name: String) {
    #expect(diagnostic.rule != .internalMistake, "\(name): \(diagnostic.message)\n\(beginning(of: bytes))")
    guard let range = diagnostic.range else {
      Issue.record("\(name): refused without a place: \(diagnostic.message)")
      return
    }
    #expect(range.lowerBound >= 0 && range.upperBound <= bytes.count, "\(name): \(diagnostic.message) at \(range)")
  }
}
