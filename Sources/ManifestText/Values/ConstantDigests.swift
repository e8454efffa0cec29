internal import Synchronization

/// Digests of lists and maps that are always the same, each made when it is first asked for.
///
/// One is known by where its elements are kept: no other has that place as long as this one is held here.
package final class ConstantDigests: Sendable {
  private struct Entry {
    let storage: UInt
    /// Nil where it is not made yet.
    var bits: UInt64?
  }

  private let held: [Value]
  private let entries: Mutex<[Entry]>

  /// Nothing is always the same.
  package static let none = ConstantDigests([])

  /// Holds what is always the same.
  package init(_ constants: [Value]) {
    held = constants
    entries = Mutex(constants.compactMap(\.storage).map { Entry(storage: $0) })
  }

  /// The bits of a value's digest, made anew where it is not always the same.
  package func bits(of value: Value, _ make: () -> UInt64) -> UInt64 {
    guard !held.isEmpty, let storage = value.storage,
      let known = entries.withLock({ entries in entries.first { $0.storage == storage } })
    else { return make() }
    if let bits = known.bits { return bits }
    let bits = make()
    entries.withLock { entries in
      guard let index = entries.firstIndex(where: { $0.storage == storage }) else { return }
      entries[index].bits = bits
    }
    return bits
  }
}

extension Value {
  /// Where the elements of a list or the members of an object are kept, by which copies of it are known; nil where there
  /// are none.
  var storage: UInt? {
    switch self {
    case .array(let elements): unsafe elements.withUnsafeBufferPointer { unsafe Value.storage($0) }
    case .object(let members): unsafe members.withUnsafeBufferPointer { unsafe Value.storage($0) }
    default: nil
    }
  }

  private static func storage<Element>(_ elements: UnsafeBufferPointer<Element>) -> UInt? {
    elements.isEmpty ? nil : UInt(bitPattern: elements.baseAddress)
  }
}
