/// Text that is only the same as itself, byte for byte, as Kubernetes compares the keys and names in a manifest.
///
/// `String` takes texts for the same that differ in how an accent is composed.
package struct ExactText: Hashable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (one: ExactText, other: ExactText) -> Bool { ByteText.isEqual(one.text, other.text) }

  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension Set<ExactText> {
  /// The texts, each once.
  package init(exactly texts: some Sequence<String>) { self = texts.reduce(into: []) { $0.insert(ExactText($1)) } }

  /// Whether a text is among them.
  package func contains(_ text: String) -> Bool { contains(ExactText(text)) }

  /// Adds a text; false where it was there before.
  package mutating func add(_ text: String) -> Bool { insert(ExactText(text)).inserted }
}

extension Sequence<String> {
  /// Whether a text is among these, byte for byte.
  package func holdsExactly(_ text: String) -> Bool { contains { ByteText.isEqual($0, text) } }
}
