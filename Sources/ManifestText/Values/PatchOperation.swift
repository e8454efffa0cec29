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

/// The difference of two values, as JSON Patch.
extension PatchOperation {
  /// The operations that turn one value into another, which both stand at the end of `path`.
  ///
  /// Elements of lists are told apart by what they are called (`name`) and, without a name, by what they are; the
  /// order of a map's keys makes no difference.
  public static func difference(from old: Value, to new: Value, at path: Path = Path()) -> [PatchOperation] {
    switch (old, new) {
    case (.object(let members), .object): differences(between: members, old, new, at: path)
    case (.array(let before), .array(let after)): differences(from: before, to: after, at: path)
    default: old == new ? [] : [PatchOperation(.replace, at: path, value: new)]
    }
  }

  private static func differences(
    between members: [Value.Member], _ old: Value, _ new: Value, at path: Path
  ) -> [PatchOperation] {
    let removed = members.filter { new[$0.key] == nil }.map { PatchOperation(removing: path.appending($0.key)) }
    return (new.members ?? []).reduce(into: removed) { operations, member in
      let place = path.appending(member.key)
      if let value = old[member.key] {
        operations += difference(from: value, to: member.value, at: place)
      } else {
        operations.append(PatchOperation(.add, at: place, value: member.value))
      }
    }
  }

  private static func differences(from old: [Value], to new: [Value], at path: Path) -> [PatchOperation] {
    guard let pairs = ListAlignment(old, new)?.pairs else {
      return [PatchOperation(.replace, at: path, value: .array(new))]
    }
    var operations: [PatchOperation] = []
    var (next, place) = (0, 0)
    func add(before end: Int) {
      while place < end {
        operations.append(PatchOperation(.add, at: path.appending(place), value: new[place]))
        place += 1
      }
    }
    for pair in pairs + [(old.count, new.count)] {
      for _ in next..<pair.0 { operations.append(PatchOperation(removing: path.appending(place))) }
      add(before: pair.1)
      guard pair.0 < old.count else { break }
      operations += difference(from: old[pair.0], to: new[pair.1], at: path.appending(place))
      (next, place) = (pair.0 + 1, place + 1)
    }
    return operations
  }
}

/// Which elements of two lists are the same ones: a longest common subsequence.
///
/// Not the `LineChanges` of `--diff`, whose method finds another one of several equally short ways: which of them is
/// taken decides the bytes of `-o patch`.
private struct ListAlignment {
  /// Lists whose lengths multiply to more are not looked into.
  private static let mostSteps = 1_000_000

  /// The index of each element that stays, in the old list and in the new one.
  private(set) var pairs: [(Int, Int)] = []

  init?(_ old: [Value], _ new: [Value]) {
    let head = zip(old, new).prefix { ListAlignment.isSame($0, $1) }.count
    let left = min(old.count, new.count) - head
    let tail = zip(old.reversed(), new.reversed()).prefix(left).prefix { ListAlignment.isSame($0, $1) }.count
    let (rows, columns) = (old.count - head - tail, new.count - head - tail)
    guard rows == 0 || columns <= ListAlignment.mostSteps / rows else { return nil }
    pairs = (0..<head).map { ($0, $0) }
    let middle = ListAlignment.longest(Array(old[head..<head + rows]), Array(new[head..<head + columns]))
    pairs += middle.map { ($0 + head, $1 + head) }
    pairs += (0..<tail).map { (old.count - tail + $0, new.count - tail + $0) }
  }

  private static func isSame(_ a: Value, _ b: Value) -> Bool {
    if let name = a["name"]?.string, let other = b["name"]?.string { return ByteText.isEqual(name, other) }
    return a == b
  }

  private static func longest(_ old: [Value], _ new: [Value]) -> [(Int, Int)] {
    guard !old.isEmpty, !new.isEmpty else { return [] }
    let width = new.count + 1
    var lengths = [Int](repeating: 0, count: (old.count + 1) * width)
    for row in old.indices.reversed() {
      for column in new.indices.reversed() {
        let place = row * width + column
        lengths[place] =
          isSame(old[row], new[column])
          ? lengths[place + width + 1] + 1 : max(lengths[place + width], lengths[place + 1])
      }
    }
    return path(through: lengths, old, new)
  }

  private static func path(through lengths: [Int], _ old: [Value], _ new: [Value]) -> [(Int, Int)] {
    let width = new.count + 1
    var pairs: [(Int, Int)] = []
    var (row, column) = (0, 0)
    while row < old.count, column < new.count {
      if isSame(old[row], new[column]) {
        pairs.append((row, column))
        (row, column) = (row + 1, column + 1)
      } else if lengths[(row + 1) * width + column] >= lengths[row * width + column + 1] {
        row += 1
      } else {
        column += 1
      }
    }
    return pairs
  }
}
