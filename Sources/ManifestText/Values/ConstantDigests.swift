internal import Synchronization

/// Lists and maps that are always the same.
///
/// One is known by where its elements are kept: no other has that place as long as this one is held here.
package struct ConstantPlaces: Sendable {
  /// Up to so many places, comparing them all is faster than hashing one.
  private static let few = 32

  private let held: [Value]
  private let places: [UInt]
  /// The same again, where there are many; the first of several values that are kept together counts.
  private let numbers: [UInt: Int]

  package init(_ constants: [Value]) {
    held = constants
    places = constants.compactMap(\.storage)
    let numbered = places.count > ConstantPlaces.few ? zip(places, places.indices) : zip([], places.indices)
    numbers = Dictionary(numbered, uniquingKeysWith: { first, _ in first })
  }

  /// How many there are.
  package var count: Int { places.count }

  /// The number of a value among them; nil for any other.
  package func number(of value: Value) -> Int? {
    guard !places.isEmpty, let place = value.storage else { return nil }
    return numbers.isEmpty ? places.firstIndex(of: place) : numbers[place]
  }
}

/// Digests of lists and maps that are always the same, each made when it is first asked for.
package final class ConstantDigests: Sendable {
  private let places: ConstantPlaces
  /// Nil where one is not made yet.
  private let digests: Mutex<[UInt64?]>

  /// Nothing is always the same.
  package static let none = ConstantDigests(ConstantPlaces([]))

  /// Will keep the digests of these.
  package init(_ places: ConstantPlaces) {
    self.places = places
    digests = Mutex(Array(repeating: nil, count: places.count))
  }

  /// The bits of a value's digest, made where it is not always the same.
  package func bits(of value: Value, _ make: () -> UInt64) -> UInt64 {
    guard let number = places.number(of: value) else { return make() }
    if let bits = digests.withLock({ $0[number] }) { return bits }
    let bits = make()
    digests.withLock { $0[number] = bits }
    return bits
  }
}

extension Value {
  /// Where the elements of a list or the members of an object are kept, by which copies of it are known; nil where there
  /// are none.
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
