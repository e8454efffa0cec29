internal import ManifestText

/// What the API server writes into pods where nothing is said, by the type of object it writes it into.
///
/// It means the same there or not, so what was injected is still what was injected when it comes back from a cluster.
enum ServerDefaults {
  /// What a member stands for where it is left out.
  enum Fallback: Sendable {
    case value(Value)
    /// The value of another member.
    case member(String)
    /// In each entry, the value that another member has there.
    case entries(of: String)
    /// `Always` or `IfNotPresent`, as the image's tag has it.
    case pullPolicy
  }

  private static let fileMode = ["defaultMode": Fallback.value(420)]

  static let fallbacks: [String: [String: Fallback]] = [
    "v1.PodSpec": [
      "restartPolicy": .value("Always"), "terminationGracePeriodSeconds": .value(30),
      "dnsPolicy": .value("ClusterFirst"), "schedulerName": .value("default-scheduler"),
      "enableServiceLinks": .value(true), "serviceAccount": .member("serviceAccountName"),
    ],
    "v1.Container": [
      "terminationMessagePath": .value("/dev/termination-log"), "terminationMessagePolicy": .value("File"),
      "imagePullPolicy": .pullPolicy, "securityContext": .value([:]), "lifecycle": .value([:]),
    ],
    "v1.ContainerPort": ["protocol": .value("TCP")],
    "v1.ObjectFieldSelector": ["apiVersion": .value("v1")],
    "v1.ResourceFieldSelector": ["divisor": .value("0")],
    "v1.FileKeySelector": ["optional": .value(false)],
    "v1.ResourceRequirements": ["requests": .entries(of: "limits")],
    "v1.Probe": [
      "timeoutSeconds": .value(1), "periodSeconds": .value(10), "successThreshold": .value(1),
      "failureThreshold": .value(3),
    ],
    "v1.HTTPGetAction": ["path": .value("/"), "scheme": .value("HTTP")],
    "v1.GRPCAction": ["service": .value("")],
    "v1.SecurityContext": ["procMount": .value("Default")],
    "v1.Volume": ["emptyDir": .value([:])],
    "v1.HostPathVolumeSource": ["type": .value("")],
    "v1.SecretVolumeSource": fileMode, "v1.ConfigMapVolumeSource": fileMode,
    "v1.DownwardAPIVolumeSource": fileMode, "v1.ProjectedVolumeSource": fileMode,
    "v1.ServiceAccountTokenProjection": ["expirationSeconds": .value(3600)],
  ]

  /// The types that field managers own as a whole, or that stand in lists they own as a whole: there, a value that is
  /// filled in is a difference between what was applied and what is stored.
  static let ownedAsAWhole: Set = [
    "v1.ObjectFieldSelector", "v1.ResourceFieldSelector", "v1.FileKeySelector", "v1.ServiceAccountTokenProjection",
  ]

  /// What an image is pulled by where nothing is said.
  static func pullPolicy(ofImage image: String) -> Value {
    let name = image.split(separator: "/").last ?? ""
    let isLatest = !image.contains("@") && (!name.contains(":") || name.hasSuffix(":latest"))
    return isLatest ? "Always" : "IfNotPresent"
  }
}
