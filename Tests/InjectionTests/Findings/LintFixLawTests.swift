import Injection
import ManifestText
import TestSupport
import Testing

/// The law of `lint --fix`: faults planted in a right manifest are put right to the byte, whichever of them meet.
///
/// So no byte beside them changes; and the second run changes nothing.
@Suite struct LintFixLawTests {
  private let fix = LintFix(
    Linter(Injector(dialects: Dialects.all.map { $0.init(Configuration(), DialectOptions(isExact: false)) })))

  /// What can be planted.
  enum Fault: CaseIterable {
    case unquotedBoolean, misspeltKey, spacesAroundCommas, misplacedAnnotation, ownVolume
  }

  /// How a manifest is written.
  struct Style: CustomTestStringConvertible, Sendable {
    let indent: Int
    /// How far lists stand in from their key.
    let offset: Int
    let newline: String
    let quote: String
    let endsLine: Bool

    var testDescription: String { "\(indent) \(offset) \(newline.utf8.count) \(quote) \(endsLine)" }

    static let all: [Style] = [2, 3, 4].flatMap { indent in
      [0, indent].flatMap { offset in
        ["\n", "\r\n"].flatMap { newline in
          ["", "\"", "'"].flatMap { quote in
            [true, false].map {
              Style(indent: indent, offset: offset, newline: newline, quote: quote, endsLine: $0)
            }
          }
        }
      }
    }
  }

  /// Every set of faults that are put right together; which containers get the secrets decides about a volume of the
  /// pod's own, so that it stays where some are named.
  private static let sets = (0..<1 << Fault.allCases.count).map { bits in
    Set(Fault.allCases.indices.filter { bits >> $0 & 1 == 1 }.map { Fault.allCases[$0] })
  }.filter { !$0.isSuperset(of: [.spacesAroundCommas, .ownVolume]) }

  @Test(arguments: Style.all) func blockManifests(_ style: Style) throws {
    for faults in Self.sets {
      let right = Self.manifest([], style, namesContainers: !faults.contains(.ownVolume))
      let wrong = Self.manifest(faults, style, namesContainers: !faults.contains(.ownVolume))
      let result = try fixed(wrong)
      #expect(result.utf8.elementsEqual(right.utf8), "\(faults)\n\(wrong)\nbecame\n\(result)")
      #expect(try fixed(result) == result)
    }
  }

  /// The same faults in JSON, where they meet commas and braces.
  @Test(arguments: [true, false]) func jsonManifests(isPretty: Bool) throws {
    let style = Style(indent: 2, offset: 0, newline: "\n", quote: "\"", endsLine: true)
    for faults in Self.sets {
      let namesContainers = !faults.contains(.ownVolume)
      let right = try Self.json(Self.manifest([], style, namesContainers: namesContainers), isPretty)
      let wrong = try Self.json(Self.manifest(faults, style, namesContainers: namesContainers), isPretty)
      let result = try fixed(wrong)
      #expect(result.utf8.elementsEqual(right.utf8), "\(faults)\n\(result)")
      #expect(try fixed(result) == result)
    }
  }

  private static func json(_ text: String, _ isPretty: Bool) throws -> String {
    let document = try Fixtures.document(Array(text.utf8))
    let value = try document.value(of: #require(document.root))
    return String(decoding: isPretty ? JSONWriter.pretty(value) : JSONWriter.compact(value), as: UTF8.self)
  }

  private func fixed(_ text: String) throws -> String {
    let document = try Fixtures.document(Array(text.utf8))
    let plan = fix.plan(for: document)
    #expect(plan.refusals == [])
    return String(decoding: try plan.result().source.bytes, as: UTF8.self)
  }

  // MARK: Manifests

  private static func manifest(_ faults: Set<Fault>, _ style: Style, namesContainers: Bool) -> String {
    func has(_ fault: Fault) -> Bool { faults.contains(fault) }
    let names = "\"web,\(has(.spacesAroundCommas) ? " " : "")side\""
    let moved = "vault.hashicorp.com/log-level: \(style.quote)debug\(style.quote)   # for now"
    let text: [(depth: Double, line: String?)] = [
      (0, "# The shop"), (0, "apiVersion: apps/v1"), (0, "kind: Deployment"), (0, "metadata:"),
      (1, "name:   web # its name"), (1, "annotations:"), (2, "team: shop   # ours"),
      (2, has(.misplacedAnnotation) ? moved : nil), (0, "spec:"), (1, "template:"), (2, "metadata:"),
      (3, "annotations: # for the injector"),
      (4, "vault.hashicorp.com/agent-inject: \(has(.unquotedBoolean) ? "true" : "\"true\"")  # yes"), (4, ""),
      (4, "\(style.quote)vault.hashicorp.com/\(has(.misspeltKey) ? "roel" : "role")\(style.quote):  web"),
      (4, "vault.hashicorp.com/agent-inject-secret-db: kv/db"),
      (4, namesContainers ? "vault.hashicorp.com/agent-inject-containers: \(names) # both" : nil),
      (4, has(.misplacedAnnotation) ? nil : moved), (2, "spec:"), (3, "containers:"),
      (3.5, "- name: web"), (4.5, "image: example.org/web"), (4.5, "volumeMounts:"),
      (5, "- {name: data, mountPath: /data}  # kept"),
      (5, has(.ownVolume) ? "- {name: vault-secrets, mountPath: /vault/secrets}" : nil),
      (3.5, "- {name: side, image: example.org/side}"), (3, "volumes:"), (3.5, "- {name: data, emptyDir: {}}"),
      (3.5, has(.ownVolume) ? "- {name: vault-secrets, emptyDir: {medium: Memory}}" : nil),
    ]
    let lines = text.compactMap { depth, line in line.map { indented($0, depth, style) } }
    return lines.joined(separator: style.newline) + (style.endsLine ? style.newline : "")
  }

  /// A line in its place; half a step is a list's own.
  private static func indented(_ line: String, _ depth: Double, _ style: Style) -> String {
    if line.isEmpty { return "" }
    let columns: Int =
      switch depth {
      case 3.5: 3 * style.indent + style.offset
      case 4.5: 3 * style.indent + style.offset + 2
      case 5: 3 * style.indent + 2 * style.offset + 2
      default: Int(depth) * style.indent
      }
    return String(repeating: " ", count: columns) + line
  }
}
