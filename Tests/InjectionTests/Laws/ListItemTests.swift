import Injection
import ManifestText
import TestSupport
import Testing

/// Laws 7 and 10: a list of JSON that is changed item by item comes out as one that is changed as a whole, and the same is
/// said of it.
@Suite struct ListItemTests {
  private static let injector = Injector(dialects: [
    TalendDialect(TalendDialect.Settings(TalendSettings(), isExact: false)),
    HashiCorpDialect(HashiCorpDialect.Settings(HashiCorpSettings(), isExact: false)),
    OpenBaoDialect(OpenBaoSettings(), DialectOptions(isExact: false)),
  ])

  /// How a list is laid out.
  enum Layout: CaseIterable {
    case pretty, minified, spaced, itemsOnLines, minifiedItems, prettyItems, carriageReturns
  }

  @Test(arguments: Layout.allCases, 0..<3) func generatedItems(_ layout: Layout, _ seed: Int) {
    let outcome = check(text(of: items(seed, count: 60), layout), "\(layout) \(seed)")
    #expect(outcome.isChanged)
    #expect(outcome.objects.contains { !$0.findings.isEmpty })
    // Items that are laid out as the list is not are changed with the list.
    if [.pretty, .minified, .spaced, .carriageReturns].contains(layout) { #expect(outcome.isByItem, "\(layout)") }
    if [.minifiedItems, .prettyItems].contains(layout) { #expect(!outcome.isByItem, "\(layout)") }
  }

  @Test(arguments: Layout.allCases) func itemsThatAreLists(_ layout: Layout) {
    let inner = Value.object(list(of: items(7, count: 5)))
    check(text(of: [inner] + items(8, count: 5) + [inner], layout), "nested, \(layout)")
  }

  @Test(arguments: [Layout.pretty, .minified, .spaced], 0..<3) func whatWasInjectedBefore(_ layout: Layout, _ seed: Int)
  {
    let injected = check(text(of: items(seed, count: 20), layout), "injected, \(layout)").bytes
    let again = check(injected, "injected again, \(layout)")
    #expect(again.isByItem)
    #expect(!again.isChanged)
    #expect(again.objects.contains { $0.outcome == .unchanged(.alreadyInjected) })
    // What another image makes stale is taken out with the list, and what was changed by hand keeps all as it is.
    var settings = TalendSettings()
    settings.image = "vault:another"
    let other = Injector(dialects: [TalendDialect(TalendDialect.Settings(settings, isExact: false))])
    #expect(!check(injected, "another image, \(layout)", by: other).isByItem)
    let renamed = String(decoding: injected, as: UTF8.self).replacing("vault-agent", with: "agent", maxReplacements: 1)
    check(Array(renamed.utf8), "changed by hand, \(layout)")
  }

  @Test(arguments: [Layout.pretty, .minified, .spaced]) func someItemsWereInjectedBefore(_ layout: Layout) {
    let injected = check(text(of: items(2, count: 10), layout), "injected").bytes
    guard let document = try? Document.json(SourceText(name: "list", bytes: injected)), let root = document.root,
      let former = try? document.value(of: root)["items"]?.array
    else {
      Issue.record("what was injected is no list")
      return
    }
    let mixed = check(text(of: former + items(3, count: 10) + former, layout), "mixed, \(layout)")
    #expect(mixed.isChanged)
    #expect(mixed.isByItem)
    #expect(mixed.objects.contains { $0.outcome == .unchanged(.alreadyInjected) })
  }

  @Test(arguments: [
    #"null"#, #""text""#, #"{}"#, #"[]"#, #"[[{}]]"#, #"1e999"#, #"{"kind": "Pod"}"#, #"{"spec": 1, "spec": 2}"#,
    #"{"kind": "Pod", "metadata": {"annotations": {"sidecar.vault.talend.org/inject": true}}}"#,
    #"{"kind": "Pod", "metadata": {"annotations": {"sidecar.vault.talend.org/inject": "true"}}}"#,
    #"{"kind": "Pod", "metadata": {"annotations": {"sidecar.vault.talend.org/inject": "true"}}, "spec": {}}"#,
    #"{"kind": "Pod", "metadata": {"annotations": {"sidecar.vault.talend.org/inject": "true", "#
      + #""sidecar.vault.talend.org/inject": "true"}}, "spec": {"containers": [{"name": "a", "image": "b"}]}}"#,
  ])
  func oddItems(_ item: String) {
    for layout in [Layout.pretty, .minified, .spaced] {
      let marked = text(of: items(5, count: 2) + ["MARK"] + items(6, count: 2), layout)
      let text = String(decoding: marked, as: UTF8.self).replacing(#""MARK""#, with: item)
      check(Array(text.utf8), "\(layout) with \(item)")
    }
  }

  @Test(arguments: [
    "  {...}\n\n", "---\n{...}", "\u{FEFF}{...}", "{...}\n{...}\n", "{...}\n---\n{...}\n", "{...}...\n", "{...}]",
    #"{"kind": "List", {...}"#, #"{"items": [], {...}"#, #"{"metadata": 1e999, {...}"#,
    #"{"metadata": {"items": [1]}, {...}"#,
  ])
  func whatStandsAroundTheItems(_ frame: String) {
    let list = String(decoding: text(of: items(9, count: 4), .pretty), as: UTF8.self)
    let isOpened = frame.hasSuffix(", {...}")
    let text = frame.replacing("{...}", with: isOpened ? String(list.dropFirst()) : list)
    check(Array(text.utf8), frame.debugDescription)
  }

  @Test func otherKinds() {
    for kind in ["DeploymentList", "ResourceList", "Deployment", "", "Items"] {
      var members = list(of: items(4, count: 3))
      members[1].value = .string(kind)
      let isList = kind.hasSuffix("List")
      #expect(check(JSONWriter.pretty(.object(members)), kind).isByItem == isList)
    }
  }

  @Test func howDeepItemsMayBe() {
    for depth in 250...256 {
      let deep = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      let marked = text(of: items(5, count: 2) + ["MARK"], .spaced)
      let text = String(decoding: marked, as: UTF8.self).replacing(#""MARK""#, with: deep)
      #expect(check(Array(text.utf8), "\(depth) levels").isRefused == (depth > 254))
    }
  }

  // MARK: The law

  private struct Outcome {
    var bytes: [UInt8] = []
    var objects: [ObjectPlan] = []
    var said = ""
    var isChanged = false
    var isRefused = false
    var isByItem = false
  }

  @discardableResult
  private func check(_ bytes: [UInt8], _ name: String, by transform: any DocumentTransform = injector) -> Outcome {
    let source = SourceText(name: "\(name).yaml", bytes: bytes)
    let whole = outcome(of: source, transform, listSize: .max)
    let byItem = outcome(of: source, transform, listSize: 0)
    #expect(!whole.isByItem)
    if !whole.isRefused { expectSame(byItem.bytes, whole.bytes, name) }
    expectSame(Array(byItem.said.utf8), Array(whole.said.utf8), "\(name): what is said")
    return byItem
  }

  private func outcome(of source: SourceText, _ transform: any DocumentTransform, listSize: Int) -> Outcome {
    let pipeline = DocumentPipeline(transform: transform, listSize: listSize)
    var sink = TextSink()
    let result = pipeline.run(source, into: &sink) { _ in }
    return Outcome(
      bytes: sink.bytes, objects: result.objects, said: result.said,
      isChanged: result.isChanged, isRefused: result.isRefused, isByItem: sink.tookItems)
  }

  private struct TextSink: DocumentSink {
    var bytes: [UInt8] = []
    var tookItems = false
    let takesItems = true

    mutating func keep(_ range: Range<Int>, of source: SourceText) { bytes += source.bytes[range] }
    mutating func keepAroundItems(_ range: Range<Int>, of source: SourceText) {
      tookItems = true
      keep(range, of: source)
    }
    mutating func add(_ added: AddedDocument) {
      let text = Array(added.bytes)
      bytes += text
      guard let edits = added.edits else { return }
      expectSame(edits.applied(to: added.input.bytes, in: added.place), text, "the edits of the input")
    }
  }

  // MARK: Lists

  private func list(of items: [Value]) -> [Value.Member] {
    [
      Value.Member(key: "apiVersion", value: "v1"), Value.Member(key: "kind", value: "List"),
      Value.Member(key: "metadata", value: ["resourceVersion": ""]), Value.Member(key: "items", value: .array(items)),
    ]
  }

  private func text(of items: [Value], _ layout: Layout) -> [UInt8] {
    let marked = list(of: items.isEmpty ? [] : ["ITEMS"])
    let pretty = JSONWriter.pretty(.object(list(of: items)))
    switch layout {
    case .pretty: return pretty
    case .minified: return JSONWriter.compact(.object(list(of: items)))
    case .spaced: return JSONWriter.compact(.object(list(of: items)), spaced: true)
    case .carriageReturns: return pretty.flatMap { $0 == UInt8(ascii: "\n") ? Array("\r\n".utf8) : [$0] }
    case .itemsOnLines:
      let lines = items.map { String(decoding: JSONWriter.compact($0), as: UTF8.self) }.joined(separator: ",\n")
      return filled(JSONWriter.compact(.object(marked)), with: "\n\(lines)\n")
    case .minifiedItems:
      let lines = items.map { String(decoding: JSONWriter.compact($0), as: UTF8.self) }.joined(separator: ", ")
      return filled(JSONWriter.pretty(.object(marked)), with: lines)
    case .prettyItems:
      let lines = items.map { String(decoding: JSONWriter.pretty($0), as: UTF8.self) }.joined(separator: ",")
      return filled(JSONWriter.compact(.object(marked)), with: lines)
    }
  }

  private func filled(_ text: [UInt8], with items: String) -> [UInt8] {
    Array(String(decoding: text, as: UTF8.self).replacing(#""ITEMS""#, with: items).utf8)
  }

  /// Workloads of both languages.
  private func items(_ seed: Int, count: Int) -> [Value] {
    var items: [Value] = []
    var number = UInt64(seed * 100_000)
    while items.count < count {
      var generator = ManifestGenerator(seed: number, language: number.isMultiple(of: 3) ? .hashicorp : .talend)
      number += 1
      let source = SourceText(name: "item", bytes: Array(generator.document().utf8))
      guard let pieces = try? DocumentStream(source), let piece = pieces.first(where: { _ in true }),
        let document = try? Document(piece, of: source), let root = document.root,
        let value = try? document.value(of: root), value.isMap
      else { continue }
      items.append(value)
    }
    return items
  }
}

extension Value {
  fileprivate var isMap: Bool { if case .object = self { true } else { false } }
}
