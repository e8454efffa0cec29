import Injection
import ManifestText
import TestSupport
import Testing
import Workloads
import Yams

/// Asserts the laws of lossless injection, all that apply, on one input.
struct Laws {
  let dialects: [any Dialect]

  private var injector: Injector { Injector(dialects: dialects) }

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
    if outcome.injected > 0 { expectUndone(outcome.output, bytes, name) }
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
      if diagnostic.rule == "internal" { Issue.record("\(name): \(diagnostic.message)\n\(text(bytes))") }
    } catch {
      Issue.record("\(name): \(error)\n\(text(bytes))")
    }
    return outcome
  }

  private func inject(
    _ piece: DocumentStream.Piece, of source: SourceText, into outcome: inout Outcome, judgedByYams: Bool
  ) throws {
    let document = try Document(piece, of: source)
    let plan = injector.plan(for: document)
    outcome.refusals += plan.refusals
    for refusal in plan.refusals where refusal.rule == "internal" {
      Issue.record("\(source.name): \(refusal.message)\n\(text(source.bytes))")
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
          Issue.record("\(name): \(refusal.message) at \(refusal.range.map { "\($0)" } ?? "")\n\(text(bytes))")
        }
        let result = plan.isEmpty || !plan.refusals.isEmpty ? document : try plan.result()
        output += result.source.bytes[result.range]
        try expectTwoRoads(plan, document, result)
      }
    } catch {
      Issue.record("\(name): \(error)\n\(text(bytes))")
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
    expectEqual(was.sorted, judged.sorted, "\(name): what the input means\n\(text(before.source.bytes))")
    let judgedAfter = try Self.yams(after.source.bytes[...])
    expectEqual(now, judgedAfter.sorted, "\(name): what the output means\n\(text(after.source.bytes))")
  }

  /// What Yams takes a document for.
  static func yams(_ bytes: ArraySlice<UInt8>) throws -> Value {
    // Yams takes a byte order mark for content.
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
    // kubectl ends a last line that nothing else ends, which a block scalar there keeps.
    let isEnded = bytes.last.map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? true
    let text = String(decoding: isEnded ? bytes : bytes + [UInt8(ascii: "\n")], as: UTF8.self)
    return value(try Yams.load(yaml: text))
  }

  private static func value(_ any: Any?) -> Value {
    switch any {
    case let text as String: .string(text)
    case let truth as Bool: .bool(truth)
    case let number as Int: .number(String(number))
    case let number as Double: .number(String(number))
    case let list as [Any]: .array(list.map(value))
    case let map as [AnyHashable: Any]:
      .object(map.map { Value.Member(key: "\($0.key)", value: value($0.value)) })
    default: .null
    }
  }
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes.prefix(6000), as: UTF8.self) }

func expectSame(_ actual: [UInt8], _ expected: [UInt8], _ name: String) {
  guard actual != expected else { return }
  let place = zip(actual, expected).prefix { $0 == $1 }.count
  Issue.record("\(name): differs from byte \(place)\n--- got\n\(text(actual))\n--- expected\n\(text(expected))")
}

extension Value {
  /// Maps sorted by key, numbers in one spelling, for comparisons between readers.
  var sorted: Value {
    switch self {
    case .array(let elements): .array(elements.map(\.sorted))
    case .object(let members):
      .object(
        members.map { Member(key: $0.key, value: $0.value.sorted) }
          .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    case .number(let text): .number(Double(text).map { "\($0)" } ?? text)
    default: self
    }
  }
}

/// JSON Patch as RFC 6902 has it, written apart from the code under test.
enum JSONPatchApplier {
  struct Failure: Error { let operation: PatchOperation }

  static func apply(_ operations: [PatchOperation], to value: Value) throws -> Value {
    var value = value
    for operation in operations {
      guard let next = apply(operation, operation.path.steps[...], to: value) else {
        throw Failure(operation: operation)
      }
      value = next
    }
    return value
  }

  private static func apply(_ operation: PatchOperation, _ steps: ArraySlice<Path.Step>, to value: Value) -> Value? {
    guard let step = steps.first else { return operation.value }
    let isLast = steps.count == 1
    switch (step, value) {
    case (.key(let key), .object(let members)):
      var object = Value.object(members)
      if isLast {
        if operation.kind != .add, object[key] == nil { return nil }
        object[key] = operation.kind == .remove ? nil : operation.value
        return object
      }
      guard let inner = object[key], let changed = apply(operation, steps.dropFirst(), to: inner) else { return nil }
      object[key] = changed
      return object
    case (.key("-"), .array(let elements)) where isLast && operation.kind == .add:
      return .array(elements + [operation.value])
    case (.index(let index), .array(var elements)):
      if isLast, operation.kind == .add {
        guard index <= elements.count else { return nil }
        elements.insert(operation.value, at: index)
        return .array(elements)
      }
      guard index < elements.count else { return nil }
      if isLast, operation.kind == .remove {
        elements.remove(at: index)
        return .array(elements)
      }
      guard let changed = apply(operation, steps.dropFirst(), to: elements[index]) else { return nil }
      elements[index] = changed
      return .array(elements)
    default: return nil
    }
  }
}
