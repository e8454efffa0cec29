import ManifestText

/// What another reader of YAML is given, and what its answer means; test targets bring the reader itself, which is Yams.
public enum IndependentReader {
  /// The text of a document, as that reader has to be given it.
  public static func input(_ bytes: ArraySlice<UInt8>) -> String {
    // Yams takes a byte order mark for content.
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
    // kubectl ends a last line that nothing else ends, which a block scalar there keeps.
    let isEnded = bytes.last.map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? true
    return String(decoding: isEnded ? bytes : bytes + [UInt8(ascii: "\n")], as: UTF8.self)
  }

  /// The value it answered with.
  public static func value(_ any: Any?) -> Value {
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
