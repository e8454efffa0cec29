/// What puts a finding right, where there is one right answer; paths begin at the document's root.
public enum Fix: Equatable, Sendable {
  /// An entry of a map gets another key.
  case key(at: Path, String)
  /// A value becomes a text.
  case text(at: Path, String)
  /// Entries of one map go to another, which has none of their keys.
  case move(keys: [String], from: Path, to: Path)
  /// Entries of maps or elements of lists go.
  case removal([Path])
}
