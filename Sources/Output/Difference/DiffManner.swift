package import Platform

/// Whom a unified diff is written for.
package struct DiffManner: Sendable {
  /// Bytes as they are, for `patch` and `git apply`.
  package static let forPrograms = DiffManner(isForPeople: false, isColored: false)

  /// True where a person reads it at a terminal, which must not obey what is in the lines.
  let isForPeople: Bool
  let isColored: Bool

  /// Describes a reader.
  package init(isForPeople: Bool, isColored: Bool) { (self.isForPeople, self.isColored) = (isForPeople, isColored) }

  /// Whoever reads a stream.
  package init(for descriptor: FileDescriptor) {
    self.init(isForPeople: descriptor.isTerminal, isColored: Console.allowsColor(on: descriptor))
  }
}
