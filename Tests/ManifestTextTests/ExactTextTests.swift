import ManifestText
import TestSupport
import Testing

/// Keys and names are their bytes: those that differ only in how an accent is composed are two.
@Suite struct ExactTextTests {
  private static let composed = "\u{E9}"
  private static let decomposed = "e\u{301}"

  @Test(arguments: ["\u{E9}: 1\ne\u{301}: 2\n", "{\"\u{E9}\": 1, \"e\u{301}\": 2}"])
  func mapsHoldBoth(_ text: String) throws {
    let bytes = Array(text.utf8)
    let value = try Fixtures.value(bytes)
    #expect(value.members?.count == 2)
    #expect(value[Self.composed] == 1)
    #expect(value[Self.decomposed] == 2)
    let document = try Fixtures.document(bytes)
    let root = try #require(document.root)
    for key in [Self.composed, Self.decomposed] {
      let entry = try #require(try document.entry(key, in: root))
      #expect(document.text(of: entry.key).utf8.elementsEqual(key.utf8))
    }
  }

  @Test func mergedKeysStandBesideOthers() throws {
    let value = try Fixtures.value(Array("<<: {\u{E9}: 1}\ne\u{301}: 2\n".utf8))
    #expect(value.members?.count == 2)
  }

  @Test func valuesDiffer() {
    let (one, other) = (Value.string(Self.composed), Value.string(Self.decomposed))
    #expect(one != other)
    #expect(Value.object([.init(key: Self.composed, value: 1)]) != .object([.init(key: Self.decomposed, value: 1)]))
    var value: Value = [:]
    value[Self.composed] = 1
    value[Self.decomposed] = 2
    value[Self.composed] = nil
    #expect(value == .object([.init(key: Self.decomposed, value: 2)]))
  }

  @Test func pathsDiffer() {
    #expect(Path().appending(Self.composed) != Path().appending(Self.decomposed))
    #expect(Set([Path().appending(Self.composed), Path().appending(Self.decomposed)]).count == 2)
  }

  /// A few names are compared, many are looked up.
  @Test(arguments: [0, 20]) func namesAreIndexedApart(_ others: Int) {
    var index = NameIndex((0..<others).map { "name-\($0)" } + [Self.composed])
    let isNew = index.insert(Self.decomposed, at: 99)
    #expect(isNew)
    #expect(index.place(of: Self.composed) == others)
    #expect(index.place(of: Self.decomposed) == 99)
  }

  @Test func differencesAreFound() {
    let before: Value = .array([["name": .string(Self.composed)]])
    let after: Value = .array([["name": .string(Self.decomposed)]])
    #expect(!PatchOperation.difference(from: before, to: after).isEmpty)
  }
}
