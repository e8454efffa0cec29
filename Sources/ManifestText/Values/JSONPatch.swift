/// One step of a JSON Patch (RFC 6902).
public struct PatchOperation: Equatable, Sendable {
  /// What is done.
  public enum Kind: String, Equatable, Sendable {
    /// A member is set, or an element put in front of an index.
    case add
    /// What is there is replaced.
    case replace
    /// What is there is taken out.
    case remove
  }

  /// What is done.
  public let kind: Kind
  /// Where, in the document as the operations before this one left it.
  public let path: Path
  /// What is put there; null where something is taken out.
  public let value: Value

  /// Puts an operation together.
  public init(_ kind: Kind, at path: Path, value: Value) {
    self.kind = kind
    self.path = path
    self.value = value
  }

  /// An operation that takes something out.
  public init(removing path: Path) { self.init(.remove, at: path, value: .null) }

  /// The operation as JSON, with its path counted from the value at the end of `root`.
  public func json(relativeTo root: Path) -> Value {
    let path = Path(Array(path.steps.dropFirst(root.steps.count)))
    let operation: Value = ["op": .string(kind.rawValue), "path": .string(path.pointer)]
    guard case .object(let members) = operation, kind != .remove else { return operation }
    return .object(members + [Value.Member(key: "value", value: value)])
  }
}
