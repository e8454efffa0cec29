internal import ManifestText

/// How agents get the configuration that is generated for them, in an environment variable such as `VAULT_CONFIG`.
package enum AgentConfigurationForm: String, Equatable, Sendable {
  /// As the webhook writes it.
  case base64
  /// As JSON over several lines, which shows in a review what the agent is told.
  case text
}

extension AgentConfigurationForm: SettingContent {}

extension AgentConfigurationForm {
  /// The variable's value for a configuration as JSON.
  func value(of json: [UInt8]) -> String {
    switch self {
    case .base64: Base64.encoded(json)
    case .text: String(decoding: AgentConfigurationForm.readable(json), as: UTF8.self)
    }
  }

  /// The configuration as JSON that a value stands for; nil for a text that is not base64 where it has to be.
  func json(of value: String) -> String? {
    switch self {
    case .base64: Base64.decoded(value.utf8).map { String(decoding: $0, as: UTF8.self) }
    case .text: value
    }
  }

  /// The lines of a script that write a variable's value to a file, or end it where there is none.
  func writing(_ variable: String, to file: String) -> String {
    let complaint = "{ echo '\(variable) is not set' >&2; exit 1; }"
    return switch self {
    case .base64:
      """
      echo "$\(variable)" | base64 -d > \(file)
      [ -s \(file) ] || \(complaint)
      """
    case .text:
      """
      [ -n "$\(variable)" ] || \(complaint)
      printf '%s' "$\(variable)" > \(file)
      """
    }
  }

  private static func readable(_ json: [UInt8]) -> [UInt8] {
    guard let value = Value(json: json) else { return json }
    var output: [UInt8] = []
    append(value, at: 0, to: &output)
    output.append(ASCII.lineFeed)
    return JSONWriter.escapingDollars(before: replaced, in: output)
  }

  /// What makes Kubernetes or Flux take the `$` before it for the beginning of a variable, or of an escape of their own.
  private static let replaced = Array("$({".utf8)

  /// What fits on a line stays on one; everything else has a line for each of its parts.
  private static let columns = 80

  private static func append(_ value: Value, at column: Int, to output: inout [UInt8]) {
    let line = JSONWriter.compact(value, spaced: true)
    let indent = [ASCII.lineFeed] + [UInt8](repeating: ASCII.space, count: column)
    func enclose(_ open: UInt8, _ count: Int, _ close: UInt8, _ part: (Int) -> Void) {
      output.append(open)
      for index in 0..<count {
        if index > 0 { output.append(ASCII.comma) }
        output += indent + [ASCII.space, ASCII.space]
        part(index)
      }
      output += indent
      output.append(close)
    }
    switch value {
    case .object(let members) where column == 0 || column + line.count > columns && !members.isEmpty:
      enclose(ASCII.openBrace, members.count, ASCII.closeBrace) { index in
        JSONWriter.appendQuoted(members[index].key, to: &output)
        output += [ASCII.colon, ASCII.space]
        append(members[index].value, at: column + 2, to: &output)
      }
    case .array(let elements) where column + line.count > columns && !elements.isEmpty:
      enclose(ASCII.openBracket, elements.count, ASCII.closeBracket) { index in
        append(elements[index], at: column + 2, to: &output)
      }
    default: output += line
    }
  }
}
