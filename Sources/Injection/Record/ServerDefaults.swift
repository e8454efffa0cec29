internal import ManifestText

/// What the API server writes into pods where nothing is said.
///
/// It means the same there or not, so what was injected is still what was injected when it comes back from a cluster.
enum ServerDefaults {
  private static let values: [String: Value] = [
    "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
    "resources": .object([]), "securityContext": .object([]), "protocol": "TCP", "scheme": "HTTP",
    "timeoutSeconds": .number("1"), "periodSeconds": .number("10"), "successThreshold": .number("1"),
    "failureThreshold": .number("3"), "defaultMode": .number("420"),
  ]

  /// The one place where pods name a version inside: `fieldRef`.
  private static let fieldVersion: Value = "v1"

  /// True for a member that says what would hold without it.
  static func holds(_ member: Value.Member, among members: [Value.Member]) -> Bool {
    guard mayBeDefault(member.value) else { return false }
    return switch member.key {
    case "imagePullPolicy": member.value == pullPolicy(among: members)
    case "apiVersion": member.value == fieldVersion && members.contains { $0.key == "fieldPath" }
    default: values[member.key] == member.value
    }
  }

  /// Rules most values out before any key is looked up: this is asked of everything that is injected.
  private static func mayBeDefault(_ value: Value) -> Bool {
    switch value {
    case .string(let text): text.utf8.count <= 21 && texts.contains(text)
    case .number: true
    case .object(let members): members.isEmpty
    case .null, .bool, .array: false
    }
  }

  private static let texts = ["TCP", "v1", "File", "IfNotPresent", "Always", "HTTP", "/dev/termination-log"]

  private static func pullPolicy(among members: [Value.Member]) -> Value? {
    guard let image = members.first(where: { $0.key == "image" })?.value.string else { return nil }
    let name = image.split(separator: "/").last ?? ""
    let isLatest = !image.contains("@") && (!name.contains(":") || name.hasSuffix(":latest"))
    return isLatest ? "Always" : "IfNotPresent"
  }
}
