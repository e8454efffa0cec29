/// One setting: its path in files and options, what it may be, and what it does.
package struct Setting: Equatable, Sendable {
  /// The keys from the file's root, with dots between them.
  package let path: String
  package let shape: SettingShape
  /// What it does, in one sentence.
  package let summary: String

  package init(_ path: String, _ shape: SettingShape, _ summary: String) {
    (self.path, self.shape, self.summary) = (path, shape, summary)
  }

  /// The groups the setting is in, the outermost first, and its own key at the end.
  package var keys: [String] { path.split(separator: ".").map(String.init) }
}
