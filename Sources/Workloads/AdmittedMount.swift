/// The mount of the service account's token, which admission gives every container without one of its own.
public enum AdmittedMount: Sendable {
  private static let volumePrefix = "kube-api-access-"
  private static let path = "/var/run/secrets/kubernetes.io/serviceaccount"

  /// True for such a mount, by its volume and its path.
  public static func isOne(volume: String, mountPath: String) -> Bool {
    mountPath == path && volume.hasPrefix(volumePrefix)
  }
}
