public import ManifestText

/// The API server's description of a request that failed.
public struct APIStatus: Equatable, Sendable {
  /// One of the reasons for a failure.
  public struct Cause: Equatable, Sendable {
    /// The kind of reason, such as `FieldValueInvalid` or `FieldManagerConflict`; may be empty.
    public let reason: String
    /// The server's words.
    public let message: String
    /// The field it is about, as the server writes it; empty where it is about none.
    public let field: String
  }

  /// The HTTP status.
  public let code: Int
  /// The kind of failure, such as `Forbidden`; empty where the server names none.
  public let reason: String
  /// The server's words.
  public let message: String
  /// The kind or the resource the failure is about, as the server has it; may be empty.
  public let kind: String
  /// That kind's group; empty for the core group.
  public let group: String
  /// The name of the object the failure is about; may be empty.
  public let name: String
  /// The reasons, in the server's order.
  public let causes: [Cause]

  /// Reads an answer; nil where it was a success.
  ///
  /// Where the body is no `Status`, as proxies send it, the message is the HTTP status with its first line.
  public init?(_ response: APIResponse) {
    guard !response.isSuccess else { return nil }
    let body = response.json
    let status = body?["kind"]?.string == "Status" ? body : nil
    let details = status?["details"]
    code = response.status
    reason = status?["reason"]?.string ?? ""
    message = status?["message"]?.string ?? APIStatus.firstLine(response)
    kind = details?["kind"]?.string ?? ""
    group = details?["group"]?.string ?? ""
    name = details?["name"]?.string ?? ""
    causes = (details?["causes"]?.array ?? []).map { cause in
      Cause(
        reason: cause["reason"]?.string ?? "", message: cause["message"]?.string ?? "",
        field: cause["field"]?.string ?? "")
    }
  }

  private static func firstLine(_ response: APIResponse) -> String {
    let line = response.body.prefix(200).prefix { $0 >= UInt8(ascii: " ") }
    return line.isEmpty ? "" : "HTTP \(response.status): \(String(decoding: line, as: UTF8.self))"
  }

  /// The managers that own fields which the request wanted to set; empty where the failure is not a conflict of that
  /// kind.
  public var conflicts: [Cause] { causes.filter { $0.reason == "FieldManagerConflict" } }
}

extension APIResponse {
  /// True where the body is one complete JSON object; its content is not examined.
  ///
  /// Most answers are not parsed, but a truncated one must be noticed all the same.
  package var isWholeObject: Bool {
    guard body.first(where: { $0 > UInt8(ascii: " ") }) == UInt8(ascii: "{") else { return false }
    var depth = 0
    var index = 0
    while index < body.count {
      switch body[index] {
      case UInt8(ascii: "\""):
        guard let end = endOfText(from: index + 1) else { return false }
        index = end
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      index += 1
    }
    return depth == 0
  }

  /// Where the quote is that ends a text; nil where there is none.
  private func endOfText(from start: Int) -> Int? {
    var index = start
    while index < body.count {
      let byte = body[index]
      if byte == UInt8(ascii: "\"") { return index }
      index += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  /// The body as a value; nil where it is not JSON, or cut short.
  public var json: Value? { Value(json: body) }
}
