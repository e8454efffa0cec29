import ManifestText
import Testing

/// Fails with the places where two values differ, rather than with both values whole.
public func expectEqual(
  _ actual: Value, _ expected: Value, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let differences = differences(actual, expected, at: Path())
  guard !differences.isEmpty else { return }
  Issue.record("\(name):\n\(differences.prefix(10).joined(separator: "\n"))", sourceLocation: sourceLocation)
}

private func differences(_ actual: Value?, _ expected: Value?, at path: Path) -> [String] {
  switch (actual, expected) {
  case (.array(let a)?, .array(let b)?):
    (0..<max(a.count, b.count)).flatMap { index in
      differences(element(a, index), element(b, index), at: path.appending(index))
    }
  case (.object(let a)?, .object(let b)?):
    keys(a, b).flatMap { differences(actual?[$0], expected?[$0], at: path.appending($0)) }
  case (let a, let b) where a == b: []
  default: ["\(path): got \(text(actual)), expected \(text(expected))"]
  }
}

private func element(_ values: [Value], _ index: Int) -> Value? { index < values.count ? values[index] : nil }

private func keys(_ a: [Value.Member], _ b: [Value.Member]) -> [String] {
  a.map(\.key) + b.map(\.key).filter { key in !a.contains { $0.key == key } }
}

private func text(_ value: Value?) -> String {
  value.map { String(decoding: JSONWriter.compact($0), as: UTF8.self) } ?? "nothing"
}

/// The beginning of a text, for messages.
public func beginning(of bytes: [UInt8]) -> String { String(decoding: bytes.prefix(6000), as: UTF8.self) }

/// Fails with the place where two texts begin to differ.
public func expectSame(
  _ actual: [UInt8], _ expected: [UInt8], _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual != expected else { return }
  let place = zip(actual, expected).prefix { $0 == $1 }.count
  let (got, wanted) = (beginning(of: actual), beginning(of: expected))
  Issue.record(
    "\(name): differs from byte \(place)\n--- got\n\(got)\n--- expected\n\(wanted)", sourceLocation: sourceLocation)
}

extension Value {
  /// Maps sorted by key, numbers in one spelling, for comparisons between readers.
  public var sorted: Value {
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
