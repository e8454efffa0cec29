internal import Injection
internal import ManifestText

/// One input of libFuzzer's: every transform must take it or refuse it with its place, and obey the laws.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  Trial.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// The transforms of one text, and what must hold of them.
private struct Trial {
  static let settings = TalendSettings()
  static let talend = TalendDialect(
    TalendDialect.Settings(settings, isExact: false))
  static let dialects: [any Dialect] = [
    talend, HashiCorpDialect(HashiCorpDialect.Settings(HashiCorpSettings(), isExact: false)),
  ]

  static func run(_ bytes: [UInt8]) {
    expectOneTable(bytes)
    let injector = Injector(dialects: dialects)
    let uninjector = Uninjector(dialects: dialects)
    guard let injected = transformed(bytes, by: injector), injected != bytes else { return }
    // What was injected before is refreshed, and need not come back.
    if transformed(bytes, by: uninjector) == bytes {
      expect(transformed(injected, by: uninjector) == bytes, "uninject gives back what was injected")
    }
    expect(transformed(injected, by: injector) == injected, "injecting again changes nothing")
    if let converted = transformed(bytes, by: TalendConversion(from: talend)) {
      _ = transformed(converted, by: injector)
    }
  }

  /// What a transform makes of a text; nil where it refuses it.
  private static func transformed(_ bytes: [UInt8], by transform: some DocumentTransform) -> [UInt8]? {
    let source = SourceText(name: "input", bytes: bytes)
    var output: [UInt8] = []
    do throws(Diagnostic) {
      for piece in try DocumentStream(source) {
        let document = try Document(piece, of: source)
        let plan = transform.plan(for: document)
        for refusal in plan.refusals { check(refusal) }
        guard plan.refusals.isEmpty else { return nil }
        let result = plan.isEmpty ? document : try plan.result()
        output += result.source.bytes[result.range]
        try expectTwoRoads(plan, from: document, to: result)
      }
      return output
    } catch {
      check(error)
      return nil
    }
  }

  private static func expectTwoRoads(
    _ plan: DocumentPlan, from before: Document, to after: Document
  ) throws(Diagnostic) {
    guard !plan.isEmpty, let old = before.root, let new = after.root else { return }
    _ = try before.value(of: old)
    _ = try after.value(of: new)
    _ = plan.operations
  }

  /// The reader for plain YAML makes the table that libyaml's makes, or none.
  private static func expectOneTable(_ bytes: [UInt8]) {
    let source = SourceText(name: "input", bytes: bytes)
    guard let plain = PlainReader.read(bytes.indices, of: source) else { return }
    let judge = try? YAMLReader.read(bytes.indices, of: source)
    expect(judge.map(plain.holdsSameTable) == true, "both readers make the same of a text")
  }

  private static func check(_ refusal: Diagnostic) {
    expect(refusal.rule != .internalMistake, refusal.message)
    expect(refusal.range != nil, "a refusal without a place: \(refusal.message)")
  }

  private static func expect(_ condition: Bool, _ what: String) {
    if !condition { fatalError(what) }
  }
}
