import Foundation
import Testing

/// A part of the reference, the README of the injection, that a test makes from tables, between two comments.
public struct ReadmePart: Sendable {
  /// The page itself.
  public static let readme = Fixtures.folder.appending(path: "../../Sources/Injection/README.md").standardized

  private let start: String
  private let end: String
  private let writer: String

  /// The part that begins and ends with these comments, and is written by a suite.
  public init(from start: String, to end: String, by writer: String) {
    (self.start, self.end, self.writer) = ("<!-- \(start), written by \(writer) -->\n", "<!-- \(end) -->\n", writer)
  }

  /// What the README shows.
  public func text() throws -> String {
    let readme = try String(contentsOf: ReadmePart.readme, encoding: .utf8)
    return String(readme[try place(in: readme)])
  }

  /// Fails where the README shows something else, and writes what it should show where that is asked for.
  public func expect(_ expected: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let readme = try String(contentsOf: ReadmePart.readme, encoding: .utf8)
    let place = try place(in: readme)
    if readme[place] == expected { return }
    if ProcessInfo.processInfo.environment["RECORD_README"] != nil {
      try readme.replacingCharacters(in: place, with: expected)
        .write(to: ReadmePart.readme, atomically: true, encoding: .utf8)
    }
    Issue.record(
      "the README shows something else: RECORD_README=1 Tests/run \(writer) writes it", sourceLocation: sourceLocation)
  }

  private func place(in readme: String) throws -> Range<String.Index> {
    let start = try #require(readme.range(of: start), "the README has no line \(start)")
    let end = try #require(readme.range(of: end, range: start.upperBound..<readme.endIndex))
    return start.upperBound..<end.lowerBound
  }
}
