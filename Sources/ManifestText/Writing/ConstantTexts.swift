internal import Synchronization

/// The texts of lists and maps that are always the same, as they were written.
///
/// One is known by where its elements are kept: no other has that place as long as this one is held here.
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

  private struct Entry {
    let storage: UInt
    var texts: [(layout: Layout, text: [UInt8])] = []
  }

  private let held: [Value]
  private let entries: Mutex<[Entry]>

  /// Nothing is always the same.
  static let none = ConstantTexts([])

  /// Holds what is always the same.
  init(_ constants: [Value]) {
    held = constants
    entries = Mutex(constants.compactMap(\.storage).map { Entry(storage: $0) })
  }

  /// True for a value that is always the same.
  func holds(_ value: Value) -> Bool {
    guard !held.isEmpty, let storage = value.storage else { return false }
    return entries.withLock { entries in entries.contains { $0.storage == storage } }
  }

  /// The text of a value that is always the same; nil where it was not written like this yet.
  func text(of value: Value, as layout: Layout) -> [UInt8]? {
    guard let storage = value.storage else { return nil }
    return entries.withLock { entries in
      guard let index = entries.firstIndex(where: { $0.storage == storage }) else { return nil }
      return entries[index].texts.first { $0.layout == layout }?.text
    }
  }

  /// Keeps the text of such a value.
  func keep(_ text: ArraySlice<UInt8>, of value: Value, as layout: Layout) {
    guard let storage = value.storage else { return }
    entries.withLock { entries in
      guard let index = entries.firstIndex(where: { $0.storage == storage }),
        entries[index].texts.count < ConstantTexts.mostLayouts
      else { return }
      entries[index].texts.append((layout, Array(text)))
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
  package init(_ constants: [Value]) { self.init(digests: ConstantDigests(constants), texts: ConstantTexts(constants)) }

  private init(digests: ConstantDigests, texts: ConstantTexts) { (self.digests, self.texts) = (digests, texts) }
}
