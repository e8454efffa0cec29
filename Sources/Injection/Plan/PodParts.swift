internal import ManifestText
internal import Workloads

// Parts of pods that the injections of several dialects are made of.

extension Value {
  /// An environment variable.
  static func variable(_ name: String, _ value: String) -> Value {
    .object([Member(key: "name", value: .string(name)), Member(key: "value", value: .string(value))])
  }

  /// A reference to a field of the pod, with the version the API server would fill in.
  static func field(_ path: String) -> Value { ["apiVersion": "v1", "fieldPath": .string(path)] }

  /// A volume mounted in a container.
  static func mount(_ volume: String, _ path: String, readOnly: Bool = false) -> Value {
    let (volume, path) = (Member(key: "name", value: .string(volume)), Member(key: "mountPath", value: .string(path)))
    return .object(readOnly ? [volume, path, Member(key: "readOnly", value: true)] : [volume, path])
  }
}

extension PodPlan {
  /// Adds what the injected images are pulled with, where the pod does not name it itself.
  mutating func addPullSecrets(_ names: [String], to template: PodTemplate) throws(Diagnostic) {
    guard !names.isEmpty else { return }
    let existing = try template.pullSecretNames()
    let missing = names.filter { !existing.contains($0) }
    try edits.append(missing.map { ["name": .string($0)] }, to: template.specPath.appending("imagePullSecrets"))
  }
}

/// How an agent runs beside the application.
package enum Sidecars: String, Equatable, Sendable, CaseIterable {
  /// Natively where the pod is to end, which a container beside the application would keep it from.
  case auto
  /// As one of the pod's containers, as the webhooks do it.
  case container
  /// As an init container with `restartPolicy: Always`.
  case native

  /// True where an agent runs as a native sidecar.
  func isNative(inPodToEnd isToEnd: Bool) -> Bool { self == .native || self == .auto && isToEnd }
}

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
    succeeds(["sh", "-c", script, "sh"] + arguments.map(StartupProbe.unexpanded))
  }

  /// The text as it stands in a probe's command, in which the kubelet replaces `$(NAME)` and takes `$$` for one sign.
  static func unexpanded(_ text: String) -> String {
    guard replaced.contains(where: { ByteText.holds(text, $0) }) else { return text }
    return ByteText.pieces(of: text, around: "$").joined(separator: "$$")
  }

  /// What the kubelet replaces.
  static let replaced = ["$(", "$$"]

  /// Succeeds once the command does.
  func succeeds(_ command: [String]) -> Value {
    [
      "exec": ["command": .array(command.map(Value.string))],
      "failureThreshold": .number(String(seconds)),
      "periodSeconds": 1,
      "timeoutSeconds": 5,
    ]
  }
}

extension Diagnostic {
  /// The container mounts a volume of the name of the one that is injected, which it brings along itself.
  static func mountsOwnSecrets(_ container: String, _ volume: String, _ path: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .mountPathTaken, message: "the container `\(container)` mounts `\(volume)` at \(path) itself",
      hint: "take this mount and the pod's own volume of that name out: the injection brings both", range: range)
  }

  static func mountPathTaken(_ container: String, _ path: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .mountPathTaken,
      message: "the container `\(container)` already mounts another volume at \(path)",
      hint: "the API server will refuse two mounts at one path: mount the other volume elsewhere", range: range)
  }
}
