internal import Synchronization

/// The texts of lists and maps that are always the same, as they were written.
final class ConstantTexts: Sendable {
  /// What the text of a list or map depends on.
  struct Layout: Equatable {
    let style: BlockStyle
    let column: Int
    let indentsFirst: Bool
    let allowsLiterals: Bool
  }

  /// More than the documents of one run are usually laid out in.
  private static let mostLayouts = 8

  private let places: ConstantPlaces
  private let texts: Mutex<[[(layout: Layout, text: [UInt8])]]>

  /// Nothing is always the same.
  static let none = ConstantTexts(ConstantPlaces([]))

  /// Will keep the texts of these.
  init(_ places: ConstantPlaces) {
    self.places = places
    texts = Mutex(Array(repeating: [], count: places.count))
  }

  /// The number of a value that is always the same; nil for any other.
  func number(of value: Value) -> Int? { places.number(of: value) }

  /// The text of a value by its number; nil where it was not written like this yet.
  func text(ofNumber number: Int, as layout: Layout) -> [UInt8]? {
    texts.withLock { texts in texts[number].first { $0.layout == layout }?.text }
  }

  /// Keeps the text of such a value.
  func keep(_ text: ArraySlice<UInt8>, ofNumber number: Int, as layout: Layout) {
    texts.withLock { texts in
      if texts[number].count < ConstantTexts.mostLayouts { texts[number].append((layout, Array(text))) }
    }
  }
}

/// Lists and maps that are always the same, with what is known of them.
package struct ConstantValues: Sendable {
  package let digests: ConstantDigests
  let texts: ConstantTexts

  /// Nothing is always the same.
  package static let none = ConstantValues(digests: .none, texts: .none)

  /// Holds what is always the same.
  package init(_ constants: [Value]) {
    let places = ConstantPlaces(constants)
    self.init(digests: ConstantDigests(places), texts: ConstantTexts(places))
  }

  private init(digests: ConstantDigests, texts: ConstantTexts) { (self.digests, self.texts) = (digests, texts) }
}
