package import ManifestText

/// The hook that holds the start of an application's container back until files are there.
package enum WaitingHook {
  /// A core/v1 lifecycle handler; each file is an argument of its own.
  package static func value(for files: [String]) -> Value {
    ["exec": ["command": .array((["sh", "-c", script, "sh"] + files).map(Value.string))]]
  }

  private static let script = "for file; do until [ -e \"$file\" ]; do sleep 1; done; done"
}
