/// Spells whole values as YAML, in block style.
public enum YAMLWriter: Sendable {
  /// The value as the text of a document, with a line feed at the end.
  public static func block(_ value: Value) -> [UInt8] { block(value, prefersLiterals: false) }

  /// The same, where wanted with a literal block for every text that would have escapes in quotes.
  package static func block(_ value: Value, prefersLiterals: Bool) -> [UInt8] {
    var writer = BlockWriter(style: BlockStyle())
    writer.prefersLiterals = prefersLiterals
    if value.isNonEmptyCollection {
      writer.append(collection: value, at: 0)
      return writer.output
    }
    var output: [UInt8] = []
    if case .string(let text) = value {
      ScalarSpelling.append(text, to: &output, in: .block)
    } else {
      FlowWriter(spelling: .yaml).append(value, to: &output)
    }
    output.append(ASCII.lineFeed)
    return output
  }

  /// The value on one line, collections in flow style.
  public static func inline(_ value: Value) -> String {
    var output: [UInt8] = []
    if case .string(let text) = value {
      ScalarSpelling.append(text, to: &output, in: .block)
    } else {
      FlowWriter(spelling: .yaml).append(value, to: &output)
    }
    return String(decoding: output, as: UTF8.self)
  }
}
