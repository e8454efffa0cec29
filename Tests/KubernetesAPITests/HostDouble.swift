import KubernetesAPI

extension Host {
  /// A machine with these files and variables, where the clock stands still and no program runs.
  static func double(
    files: [String: String] = [:], variables: [String: String] = ["HOME": "/home/me"], programs: [String: String] = [:],
    standardInput: StandardInput = .notATerminal, now: Int = 1_800_000_000,
    run: @escaping @Sendable (ProgramCall) -> ProgramOutcome = { _ in .notStarted("no program runs here") }
  ) -> Host {
    Host(
      variable: { variables[$0] },
      contents: { (path) throws(FileFailure) in
        guard let text = files[path] else { throw .missing }
        if text == "unreadable" { throw .unreadable("Permission denied") }
        return Array(text.utf8)
      },
      program: { name in name.contains("/") ? name : programs[name] }, run: run, now: { now },
      standardInput: standardInput)
  }
}

/// Text of the forms that are asked for, holding nothing of use.
enum Sample {
  static let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
  static let key = "-----BEGIN EC PRIVATE KEY-----\nBBBB\n-----END EC PRIVATE KEY-----\n"
  /// The two in base64.
  static let certificateData = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkFBQUEKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo="
  static let keyData = "LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0tLS0tCkJCQkIKLS0tLS1FTkQgRUMgUFJJVkFURSBLRVktLS0tLQo="

  /// A kubeconfig with one context, whose user and cluster are as given.
  static func kubeconfig(cluster: String = "{server: 'https://a:1'}", user: String = "{}", context: String = "")
    -> String
  {
    """
    apiVersion: v1
    kind: Config
    current-context: c
    contexts:
    - name: c
      context: {cluster: cl, user: u\(context)}
    clusters:
    - name: cl
      cluster: \(cluster)
    users:
    - name: u
      user: \(user)

    """
  }
}
