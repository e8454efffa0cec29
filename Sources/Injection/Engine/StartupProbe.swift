internal import ManifestText

/// When a native sidecar counts as started: a shell script that the kubelet runs every second until it succeeds.
struct StartupProbe {
  /// A script that succeeds where each of its arguments is a file that exists.
  static let filesExist = "for file; do [ -e \"$file\" ] || exit 1; done"

  /// How long the sidecar may take before it is started again.
  let seconds: Int

  init(seconds: Int) { self.seconds = seconds }

  /// Succeeds once all these files exist.
  func filesExist(_ files: [String]) -> Value { succeeds(StartupProbe.filesExist, arguments: files) }

  /// Succeeds once the script does.
  func succeeds(_ script: String, arguments: [String]) -> Value {
    [
      "exec": ["command": .array((["sh", "-c", script, "sh"] + arguments).map(Value.string))],
      "failureThreshold": .number(String(seconds)),
      "periodSeconds": 1,
      "timeoutSeconds": 5,
    ]
  }
}
