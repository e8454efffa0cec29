/// The path from a document's root to one of its values, as JSON Pointer (RFC 6901) has it.
public struct Path: Hashable, Sendable {
  /// One step down: into a map by key, or into a list by index.
  public enum Step: Hashable, Sendable {
    /// The entry of a map with this key.
    case key(String)
    /// The element of a list at this index, counted from 0.
    case index(Int)

    /// True where both lead to the same place in every map or list.
    public static func == (one: Step, other: Step) -> Bool {
      switch (one, other) {
      case (.key(let a), .key(let b)): ByteText.isEqual(a, b)
      case (.index(let a), .index(let b)): a == b
      default: false
      }
    }
  }

  /// The steps from the root; none for the root itself.
  public var steps: [Step]

  /// A path of these steps.
  public init(_ steps: [Step] = []) { self.steps = steps }

  /// The path to an entry of the map this path leads to.
  public func appending(_ key: String) -> Path { appending(.key(key)) }

  /// The path to an element of the list this path leads to.
  public func appending(_ index: Int) -> Path { appending(.index(index)) }

  private func appending(_ step: Step) -> Path {
    var longer: [Step] = []
    longer.reserveCapacity(steps.count + 1)
    longer += steps
    longer.append(step)
    return Path(longer)
  }

  /// The path to the map or list this path leads into; nil for the root.
  package var parent: Path? { steps.isEmpty ? nil : Path(Array(steps.dropLast())) }

  /// The key this path ends with; nil for the root and for elements of lists.
  package var lastKey: String? {
    if case .key(let key)? = steps.last { key } else { nil }
  }

  /// The path to what lies after this path's end, step by step.
  public func appending(_ path: Path) -> Path { Path(steps + path.steps) }
}

extension Path: CustomStringConvertible {
  /// The path as Kubernetes writes field paths: `spec.containers[0].image`.
  public var description: String {
    steps.reduce(into: "") { text, step in
      switch step {
      case .key(let key): text += text.isEmpty ? key : ".\(key)"
      case .index(let index): text += "[\(index)]"
      }
    }
  }

  /// The path as a JSON Pointer (RFC 6901): `/spec/containers/0/image`.
  public var pointer: String {
    steps.reduce(into: "") { text, step in
      switch step {
      case .key(let key): text += "/" + Path.escaped(key)
      case .index(let index): text += "/\(index)"
      }
    }
  }

  private static func escaped(_ key: String) -> String {
    guard key.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return key }
    return key.reduce(into: "") { text, character in
      switch character {
      case "~": text += "~0"
      case "/": text += "~1"
      default: text.append(character)
      }
    }
  }
}
