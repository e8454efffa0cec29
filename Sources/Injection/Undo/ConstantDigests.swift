internal import ManifestText
internal import Synchronization

/// Digests of the lists and maps that are the same in every pod, each made when it is first asked for.
///
/// One is known by where its elements are kept: no other has that place as long as this one is held here.
final class ConstantDigests: Sendable {
  private let held: [Value]
  /// Nil where it is not made yet.
  private let digests: Mutex<[UInt: UInt64?]>

  /// Nothing is the same in every pod.
  static let none = ConstantDigests([])

  /// Holds what is the same in every pod.
  init(_ constants: [Value]) {
    held = constants
    let places = constants.compactMap(\.storage)
    digests = Mutex(Dictionary(places.map { ($0, nil) }) { first, _ in first })
  }

  /// The bits of a value's digest, made anew where it is not always the same.
  func bits(of value: Value, _ make: () -> UInt64) -> UInt64 {
    guard !held.isEmpty, let storage = value.storage, let known = digests.withLock({ $0[storage] }) else {
      return make()
    }
    if let known { return known }
    let bits = make()
    digests.withLock { $0[storage] = bits }
    return bits
  }
}
