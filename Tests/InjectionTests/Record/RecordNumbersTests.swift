import ManifestText
import Testing

@testable import Injection

/// Numbers in records that nothing of ours wrote: anybody can write one, with a digest that fits.
@Suite struct RecordNumbersTests {
  private let digest = Value(RecordedDigest(bytes: []))

  @Test(arguments: [Int.max, Int.min, -1, 1 << 32])
  func lengthsBeyondAnyDocument(number: Int) {
    let number = Value.number(String(number))
    #expect(SpellingRepair(["after": "a", "put": "b", "drop": number, "was": digest, "anywhere": true]) == nil)
    #expect(FormerDocument(["head": number, "tail": 0, "put": "", "of": digest]) == nil)
    #expect(FormerDocument(["head": 0, "tail": number, "put": "", "of": digest]) == nil)
  }

  @Test func lengthsThatAddUpToMoreThanThereIs() throws {
    let most = Value.number(String(Int32.max))
    let former = try #require(FormerDocument(["head": 1, "tail": most, "put": "", "of": digest]))
    #expect(former.edit(in: [1, 2, 3], 0..<3) == nil)
    let repair = try #require(SpellingRepair(["after": "a", "put": "b", "drop": most, "was": digest]))
    #expect(repair.edit(in: Array("abc".utf8), 0..<3) == nil)
  }

  @Test(arguments: ["#-1", "#-9223372036854775808", "#", "#9223372036854775808", "# 1"])
  func noPlaceInAList(step: String) {
    #expect(InjectionRecord.index(of: step) == nil)
  }

  @Test func aPlaceInAList() {
    #expect(InjectionRecord.index(of: "#0") == 0)
    #expect(InjectionRecord.index(of: "#12") == 12)
  }
}
