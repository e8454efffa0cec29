internal import Synchronization

/// Digests of lists and maps that are always the same, each made when it is first asked for.
///
/// One is known by where its elements are kept: no other has that place as long as this one is held here.
package final class ConstantDigests: Sendable {
  private let held: [Value]
  /// Nil where it is not made yet.
  private let digests: Mutex<[UInt: UInt64?]>

  /// Nothing is always the same.
  package static let none = ConstantDigests([])

  /// Holds what is always the same.
  package init(_ constants: [Value]) {
    held = constants
    let places = constants.compactMap(\.storage)
    digests = Mutex(Dictionary(places.map { ($0, nil) }) { first, _ in first })
  }

  /// The bits of a value's digest, made anew where it is not always the same.
  package func bits(of value: Value, _ make: () -> UInt64) -> UInt64 {
    guard !held.isEmpty, let storage = value.storage, let known = digests.withLock({ $0[storage] }) else {
      return make()
    }
    if let known { return known }
    let bits = make()
    digests.withLock { $0[storage] = bits }
    return bits
  }
}

extension Value {
  /// Where the elements of a list or the members of an object are kept; nil where there are none.
  fileprivate var storage: UInt? {
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
