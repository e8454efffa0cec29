import Injection
import ManifestText
import TestSupport
import Testing
import Workloads
import Yams

/// Asserts the laws of lossless injection, all that apply, on one input.
struct Laws {
  let dialects: [any Dialect]

  /// The laws are about text, so pods are injected too that no API server would take.
  private var injector: Injector { Injector(dialects: dialects, policy: FindingPolicy(isExact: true)) }

  /// What became of the input.
  struct Outcome {
    var output: [UInt8] = []
    var refusals: [Diagnostic] = []
    var injected = 0
    var onlyInserts = true
  }

  /// Injects, asserting every law on the way; the turn decides what stands before the input for law 10.
  @discardableResult
  func check(_ bytes: [UInt8], _ name: String, turn: Int? = nil, judgedByYams: Bool = true) -> Outcome {
    OneResult(injector).check(bytes, name, turn: turn ?? bytes.count)
    let outcome = inject(bytes, name, judgedByYams: judgedByYams)
    guard outcome.refusals.isEmpty else { return outcome }
    let again = inject(outcome.output, "\(name), again", judgedByYams: false)
    expectSame(again.output, outcome.output, "\(name): idempotence")
    if outcome.injected == 0 { expectSame(outcome.output, bytes, "\(name): identity") }
    if outcome.injected > 0 {
      expectUndone(outcome.output, bytes, name)
      LintLaw(dialects).check(bytes, name)
    }
    return outcome
  }

  private func expectUndone(_ output: [UInt8], _ bytes: [UInt8], _ name: String) {
    expectSame(transformed(output, by: Uninjector(dialects: dialects), "\(name), undone"), bytes, "\(name): undo")
  }

  private func inject(_ bytes: [UInt8], _ name: String, judgedByYams: Bool) -> Outcome {
    var outcome = Outcome()
    let source = SourceText(name: name, bytes: bytes)
    do {
      var position = 0
      for piece in try DocumentStream(source) {
        #expect(piece.range.lowerBound == position, "\(name): pieces cover the input")
        position = piece.range.upperBound
        try inject(piece, of: source, into: &outcome, judgedByYams: judgedByYams)
      }
      #expect(position == bytes.count, "\(name): pieces cover the input")
    } catch let diagnostic as Diagnostic {
      outcome.refusals.append(diagnostic)
      if diagnostic.rule == .internalMistake { Issue.record("\(name): \(diagnostic.message)\n\(beginning(of: bytes))") }
    } catch {
      Issue.record("\(name): \(error)\n\(beginning(of: bytes))")
    }
    return outcome
  }

  private func inject(
    _ piece: DocumentStream.Piece, of source: SourceText, into outcome: inout Outcome, judgedByYams: Bool
  ) throws {
    let document = try Document(piece, of: source)
    let plan = injector.plan(for: document)
    outcome.refusals += plan.refusals
    for refusal in plan.refusals where refusal.rule == .internalMistake {
      Issue.record("\(source.name): \(refusal.message)\n\(beginning(of: source.bytes))")
    }
    guard plan.refusals.isEmpty else { return }
    guard !plan.isEmpty else {
      outcome.output += source.bytes[piece.range]
      return
    }
    #expect(injector.mayConcern(piece.range, of: source), "\(source.name): found without parsing")
    let result = try plan.result()
    let edits = try plan.edits.textEdits()
    outcome.injected += 1
    if edits.contains(where: { !$0.range.isEmpty }) { outcome.onlyInserts = false }
    outcome.output += result.source.bytes
    expectLocality(edits, document, result.source.bytes)
    try expectMeaning(plan, document, result, judgedByYams: judgedByYams)
  }

  /// What a transform makes of a text, asserting on the way that both roads lead there.
  func transformed(_ bytes: [UInt8], by transform: some DocumentTransform, _ name: String) -> [UInt8] {
    var output: [UInt8] = []
    let source = SourceText(name: name, bytes: bytes)
    do {
      for piece in try DocumentStream(source) {
        let document = try Document(piece, of: source)
        let plan = transform.plan(for: document)
        for refusal in plan.refusals {
          Issue.record("\(name): \(refusal.message) at \(refusal.range.map { "\($0)" } ?? "")\n\(beginning(of: bytes))")
        }
        let result = plan.isEmpty || !plan.refusals.isEmpty ? document : try plan.result()
        output += result.source.bytes[result.range]
        try expectTwoRoads(plan, document, result)
      }
    } catch {
      Issue.record("\(name): \(error)\n\(beginning(of: bytes))")
    }
    return output
  }

  private func expectTwoRoads(_ plan: DocumentPlan, _ before: Document, _ after: Document) throws {
    guard let root = before.root else { return }
    let operations = plan.objects.flatMap(plan.operations)
    let patched = try JSONPatchApplier.apply(operations, to: before.value(of: root))
    expectEqual(try after.value(of: #require(after.root)).sorted, patched.sorted, "\(before.source.name): two roads")
  }

  private func expectLocality(_ edits: [TextEdit], _ document: Document, _ output: [UInt8]) {
    var kept: [UInt8] = []
    var rest: [UInt8] = []
    var position = document.range.lowerBound
    var outputPosition = 0
    for edit in edits {
      let length = edit.range.lowerBound - position
      kept += document.source.bytes[position..<edit.range.lowerBound]
      rest += output[outputPosition..<outputPosition + length]
      outputPosition += length + edit.text.count
      position = edit.range.upperBound
    }
    kept += document.source.bytes[position..<document.range.upperBound]
    rest += output[outputPosition...]
    expectSame(rest, kept, "\(document.source.name): locality")
  }

  private func expectMeaning(
    _ plan: DocumentPlan, _ before: Document, _ after: Document, judgedByYams: Bool
  ) throws {
    let name = before.source.name
    let was = try before.value(of: #require(before.root))
    let now = try after.value(of: #require(after.root)).sorted
    expectEqual(now, plan.edits.tree.applied(to: was).sorted, "\(name): meaning")
    expectEqual(now, try JSONPatchApplier.apply(plan.edits.operations, to: was).sorted, "\(name): two roads")
    guard judgedByYams else { return }
    let judged = try Self.yams(before.source.bytes[before.range])
    expectEqual(was.sorted, judged.sorted, "\(name): what the input means\n\(beginning(of: before.source.bytes))")
    let judgedAfter = try Self.yams(after.source.bytes[...])
    expectEqual(now, judgedAfter.sorted, "\(name): what the output means\n\(beginning(of: after.source.bytes))")
  }

  /// What Yams takes a document for.
  private static func yams(_ bytes: ArraySlice<UInt8>) throws -> Value {
    IndependentReader.value(try Yams.load(yaml: IndependentReader.input(bytes)))
  }
}
