package import Injection
package import Platform

/// The form of a story.
package enum StoryFormat: String, CaseIterable, Sendable {
  case text, json, mermaid

  /// A writer of this form for the reader of a stream.
  package func writer(for descriptor: FileDescriptor = .standardOutput) -> any StoryWriter {
    switch self {
    case .text: StoryText(for: descriptor)
    case .json: StoryJSON()
    case .mermaid: StoryMermaid()
    }
  }
}

/// Writes what becomes of objects, one after the other.
package protocol StoryWriter {
  /// Everything so far, as it is printed.
  var text: String { get }

  /// Adds an object, of which a provenance says where everything is.
  mutating func add(_ story: ObjectStory, _ provenance: Provenance)
}
