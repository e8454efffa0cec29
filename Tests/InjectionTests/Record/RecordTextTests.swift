import Foundation
import ManifestText
import TestSupport
import Testing

@testable import Injection

/// The record as text: as short as it can be, read back as it was, and refused where it was not written so.
@Suite struct RecordTextTests {
  private static let statusKey = "sidecar.vault.talend.org/status"

  private func text(_ record: InjectionRecord) -> String { record.text(statusKey: Self.statusKey) }

  private func read(_ text: String) throws(InjectionRecord.Fault) -> InjectionRecord {
    try InjectionRecord(text: text, statusKey: Self.statusKey)
  }

  /// A text with the digest that makes it whole, as anybody can write it.
  private func sealed(_ text: String) -> String {
    "\(text);\(String(decoding: RecordedDigest(bytes: text.utf8).text, as: UTF8.self))"
  }

  private func fault(_ text: String) -> InjectionRecord.Fault? {
    do throws(InjectionRecord.Fault) {
      _ = try read(text)
      return nil
    } catch {
      return error
    }
  }

  // MARK: Length

  /// Nothing that an example injects needs more than this, and what is written needs no quotes.
  @Test func recordsOfExamplesAreShort() throws {
    let dialects = try Release.Variant.recorded[0].dialects()
    let laws = Laws(dialects: dialects)
    var lengths: [Int] = []
    for (folder, names) in try Self.examples() {
      for name in names {
        let input = Array(try Data(contentsOf: folder.appending(path: name)))
        let output = laws.transformed(input, by: Injector(dialects: dialects), name)
        for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
          guard let range = line.range(of: "/injection: ") else { continue }
          let value = line[range.upperBound...]
          #expect(value.utf8.count <= 200 && value.hasPrefix("3;s;p("), "\(name): \(value)")
          lengths.append(value.utf8.count)
        }
      }
    }
    #expect(lengths.count >= 18 && lengths.reduce(0, +) / lengths.count <= 110, "\(lengths)")
  }

  private static func examples() throws -> [(URL, [String])] {
    try ["../../examples", "../../examples/hashicorp"].map { path in
      let folder = Fixtures.folder.appending(path: path)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      return (folder, names.filter { $0.hasSuffix(".yaml") }.sorted())
    }
  }

  // MARK: There and back

  /// Names as nobody has them, letters of the record's own among them.
  private static let names = [
    "app", "c", "A", "p", "v", "%", "", "#1", "a b", "a;b", "a,b", "a:b", "(", ")", "{", ";{", "ü", "e\u{301}", "é",
    "\n",
    "spec", "containers", "vault-agent", "a/b.c", "=", "+@!", "${HOME}", "\u{1F600}", "%41",
  ]

  private func part(_ generator: inout SeededGenerator, depth: Int) -> InjectionRecord.Part {
    var part = InjectionRecord.Part()
    // Each place is told of once.
    var names = Self.names.shuffled(using: &generator)
    for _ in 0..<generator.number(below: 3) {
      part.added.append(.init(step: names.removeLast(), content: injected(&generator)))
    }
    for _ in 0..<generator.number(below: 2) {
      let former = FormerText(text: Array("{a: ${b}}\n".utf8), isBelow: generator.number(below: 2) == 0, column: 4)
      let replaced = InjectionRecord.Replaced(
        now: injected(&generator), former: former, isMerged: generator.number(below: 2) == 0)
      part.replaced.append(.init(step: names.removeLast(), content: replaced))
    }
    part.front = elements(&generator, from: 0)
    part.back = elements(&generator, from: 0)
    if depth > 0 {
      for _ in 0..<generator.number(below: 3) {
        let inner = self.part(&generator, depth: depth - 1)
        if inner == InjectionRecord.Part() { continue }
        let steps = names.prefix(1 + generator.number(below: 3))
        names.removeFirst(steps.count)
        part.children += steps.map { .init(step: $0, content: inner) }
      }
    }
    return part
  }

  private func name(_ generator: inout SeededGenerator) -> String {
    Self.names[generator.number(below: Self.names.count)]
  }

  private func digest(_ generator: inout SeededGenerator) -> RecordedDigest {
    RecordedDigest(bytes: [UInt8(generator.number(below: 256)), UInt8(generator.number(below: 256))])
  }

  private func elements(_ generator: inout SeededGenerator, from least: Int) -> [InjectionRecord.Element] {
    (0..<least + generator.number(below: 3)).map { _ in
      InjectionRecord.Element(
        digest: digest(&generator), name: generator.number(below: 4) == 0 ? nil : name(&generator))
    }
  }

  private func injected(_ generator: inout SeededGenerator) -> InjectionRecord.Injected {
    switch generator.number(below: 3) {
    case 0: .value(digest(&generator))
    case 1: .list(elements(&generator, from: 1))
    default: .map(Self.names.shuffled(using: &generator).prefix(2).map { .init(step: $0, content: digest(&generator)) })
    }
  }

  @Test func whatIsWrittenIsRead() throws {
    var generator = SeededGenerator(seed: 14)
    var longest = 0
    for round in 0..<4000 {
      var record = InjectionRecord(pod: part(&generator, depth: 3))
      if round.isMultiple(of: 2) { record.pod = record.pod.withStatus(Self.statusKey) }
      if round.isMultiple(of: 5) {
        record.repairs = [
          SpellingRepair(
            context: Array("a: ".utf8), length: 2, digest: digest(&generator), text: Array("${x}".utf8),
            isAnywhere: true)
        ]
      }
      let text = text(record)
      longest = max(longest, text.utf8.count)
      #expect(!text.contains("${"))
      #expect(try read(text) == record, "\(text)")
    }
    #expect(longest > 1000)
  }

  @Test func theStatusIsImplied() throws {
    let record = InjectionRecord(pod: InjectionRecord.Part().withStatus(Self.statusKey))
    #expect(text(record).hasPrefix("3;s;") && text(record).utf8.count == 10)
    let other = try InjectionRecord(text: text(record), statusKey: "other/status")
    #expect(other.pod == InjectionRecord.Part().withStatus("other/status"))
    #expect(try read(text(InjectionRecord())) == InjectionRecord())
  }

  /// What a letter stands for is in records that others hold.
  @Test func lettersKeepTheirMeaning() throws {
    let names = [
      "p": "spec", "v": "volumes", "i": "initContainers", "c": "containers", "m": "volumeMounts",
      "n": "shareProcessNamespace", "A": "vault-agent", "I": "vault-agent-init", "T": "vault-agent-token",
      "V": "vault-secrets", "W": "vault-secrets-custom-0", "H": "home-init", "K": "home-sidecar",
      "B": "tvsi-vault-agent", "J": "tvsi-vault-agent-init", "S": "secrets", "D": "tvsi-agent", "E": "tvsi-shared",
      "F": "tvsi-sa-token",
    ]
    for (letter, name) in names {
      #expect(try read(sealed("3;\(letter)=L8pqr7")).pod.added.map(\.step) == [name])
      #expect(
        try read(sealed("3;c+\(letter):L8pqr7")).pod.added.map(\.content) == [
          .list([.init(digest: #require(RecordedDigest(text: "L8pqr7".utf8)), name: name)])
        ])
    }
  }

  @Test func theSameInNeighboursIsToldOnce() throws {
    let mount = InjectionRecord.Part(
      added: [.init(step: "volumeMounts", content: .value(try #require(RecordedDigest(text: "L8pqr7".utf8))))])
    let containers = ["app", "c", "web"].map { InjectionRecord.Entry(step: $0, content: mount) }
    let spec = InjectionRecord.Part(
      children: [.init(step: "containers", content: InjectionRecord.Part(children: containers))])
    let record = InjectionRecord(pod: InjectionRecord.Part(children: [.init(step: "spec", content: spec)]))
    #expect(text(record) == sealed("3;p(c(app,%63,web(m=L8pqr7)))"))
  }

  // MARK: Faults

  @Test(arguments: [
    "3;", "3;s;", "3;s", "3;;p(v=L8pqr7)", "3;p", "3;p(", "3;p(v", "3;p(v=L8pqr7", "3;p()", "3;p(v=)", "3;p(v=L8pqr)",
    "3;p(v+)", "3;p(v+S)", "3;p(v@L8pqr7)", "3;p,c=L8pqr7", "3;p(v!=L8pqr7)", "3;p(v=L8pqr7))", "3;p(v=L8pqr7)x",
    "3;p(%4=L8pqr7)", "3;p(%4g=L8pqr7)", "3;p(v=L8pqr7);{", "3;p(v=L8pqr7);{\"former\":[{\"was\":\"a\"}]}", "3s", "",
    "s",
    "3;p(v=L8pqr7;v=L8pqr7)", "3;p(v@S:L8pqr7,S:L8pqr7)",
    "3;p,p(v=L8pqr7)", "3;c(a,b(m,n(v=L8pqr7)))", "3;p(v=L8pqr7);{\"text\":[{}]}",
    "3;p(v!=L8pqr7);{\"former\":[{\"column\":1}]}",
    "3;" + String(repeating: "p(", count: 100_000) + "v=L8pqr7" + String(repeating: ")", count: 100_000),
  ])
  func whatNobodyWroteIsDamaged(_ text: String) {
    #expect(fault(sealed(text)) == (text == "3;s" ? nil : .damaged), "\(text.prefix(100))")
  }

  @Test(arguments: [("4;s;x", "4"), ("12", "12"), ("2;s", "2")])
  func laterVersionsAreNamed(_ text: String, _ version: String) {
    #expect(fault(sealed(text)) == .unknownVersion(version))
  }

  /// Every single letter counts.
  @Test func anyChangeIsSeen() throws {
    var generator = SeededGenerator(seed: 3)
    let text = text(InjectionRecord(pod: part(&generator, depth: 3).withStatus(Self.statusKey)))
    let bytes = Array(text.utf8)
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1
      #expect(fault(String(decoding: changed, as: UTF8.self)) != nil, "byte \(index)")
    }
  }

  /// Version 3 is not written in the way of those before it.
  @Test func formerWayWithANewNumber() {
    let body = "{\"v\":3,\"pod\":{}"
    let digits = String(Digest(bytes: body.utf8).bits, radix: 16)
    let text = "\(body),\"digest\":\"\(String(repeating: "0", count: 16 - digits.count))\(digits)\"}"
    #expect(fault(text) == .unknownVersion("3"))
    #expect(fault(text.replacing("\"v\"", with: "\"w\"")) == .damaged)
  }
}

extension SeededGenerator {
  fileprivate mutating func number(below limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}
