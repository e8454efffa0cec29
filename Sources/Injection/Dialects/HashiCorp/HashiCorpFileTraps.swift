internal import ManifestText
internal import Workloads

/// Folders and files that are not where they are meant to be.
struct HashiCorpFileTraps {
  private let pod: HashiCorpPod
  private let volumes: HashiCorpVolumes
  private var annotations: HashiCorpAnnotations { pod.annotations }

  init(_ pod: HashiCorpPod, _ volumes: HashiCorpVolumes) {
    self.pod = pod
    self.volumes = volumes
  }

  func findings() throws(Diagnostic) -> [Diagnostic] {
    guard pod.runsInitContainer || pod.runsSidecar else { return [] }
    return try folders() + files() + unmounted()
  }

  // MARK: Folders

  private func folders() throws(Diagnostic) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for place in folderPlaces {
      let folder = place.value.text
      if folder.isEmpty { continue }
      if !folder.utf8.starts(with: "/".utf8) {
        findings.append(.relativeFolder(place.key, folder, at: place.value.range))
      } else if let finding = try hiding(folder, place) {
        findings.append(finding)
      }
    }
    return findings
  }

  private typealias Place = (key: String, value: Annotations.Located)

  private var folderPlaces: [Place] {
    let common = annotations.located(HashiCorpTable.secretsPath.row).map { (HashiCorpTable.secretsPath.key, $0) }
    let row = HashiCorpTable.secretPath.row
    let own = pod.secrets.compactMap { secret in
      annotations.located(row, secret.name).map { (row.key(of: secret.name), $0) }
    }
    return (common.map { [$0] } ?? []) + own
  }

  /// What a volume in this folder hides in the containers that mount it.
  private func hiding(_ folder: String, _ place: Place) throws(Diagnostic) -> Diagnostic? {
    let path = GoText.cleaned(folder)
    if let system = SystemFolder(path) { return .hidesSystem(place.key, path, system.contents, at: place.value.range) }
    for container in try pod.readers() {
      if let program = try container.program(), program.isBelow(path) {
        return .hidesProgram(place.key, path, program, try container.name(), at: place.value.range)
      }
    }
    var isWorkingFolder = HashiCorpFileTraps.applicationFolders.contains(path)
    for container in try pod.readers() where !isWorkingFolder {
      isWorkingFolder = try container.workingFolder().map { $0 == path || $0.isBelow(path) } ?? false
    }
    return isWorkingFolder ? .hidesApplication(place.key, path, at: place.value.range) : nil
  }

  /// Where images keep what they run.
  private static let applicationFolders = [
    "/app", "/application", "/code", "/opt", "/opt/app", "/site", "/src", "/srv", "/usr/src/app", "/var/www",
    "/var/www/html", "/work", "/workspace",
  ]

  // MARK: Files

  private func files() throws(Diagnostic) -> [Diagnostic] {
    let row = HashiCorpTable.file.row
    let folders = volumes.secretPaths
    return pod.secrets.compactMap { secret in
      guard let file = annotations.located(row, secret.name), !file.text.isEmpty else { return nil }
      let destination = GoText.cleaned("/" + secret.destination)
      if !folders.contains(where: { destination.isBelow(GoText.cleaned("/" + $0)) }) {
        return .outsideVolumes(row.key(of: secret.name), destination, folders, at: file.range)
      }
      guard file.text.utf8.starts(with: "/".utf8) else { return nil }
      return .absoluteFile(secret.name, file.text, secret.destination, secret.mountPath, at: file.range)
    }
  }

  // MARK: Files that nothing mounts

  /// Files the agents are to read from volumes they do not have.
  private func unmounted() throws(Diagnostic) -> [Diagnostic] {
    let files = [
      HashiCorpTable.caCertificate, HashiCorpTable.caPath, HashiCorpTable.clientCertificate, HashiCorpTable.clientKey,
    ].compactMap { row in annotations.located(row.row).map { (row: row, text: $0.text, range: $0.range) } }
    guard pod.configMap == nil, !files.isEmpty else { return [] }
    // A volume of our own holds the token and nothing else.
    let token = pod.request.token.isProjected ? pod.request.token.mountPath : nil
    let mounts = try volumes.agentMounts(isSidecar: true).compactMap { $0["mountPath"]?.string }.filter { $0 != token }
    func isMissing(_ path: String) -> Bool {
      let path = GoText.cleaned(path)
      return !mounts.contains { path.isBelow(GoText.cleaned("/" + $0)) }
    }
    var findings: [Diagnostic] = []
    for file in files where !file.text.isEmpty && isMissing(file.text) {
      let isAuthority = file.row === HashiCorpTable.caCertificate
      guard let hint = hint(for: GoText.cleaned(file.text), isAuthority: isAuthority) else { continue }
      findings.append(.unmounted(file.row.key, file.text, hint, at: file.range))
    }
    return findings
  }

  /// How a file of this path gets into the agents; nil where it may well be part of their image.
  private func hint(for path: String, isAuthority: Bool) -> String? {
    if path.isBelow(HashiCorpPod.tlsPath) {
      return "name the Secret that holds it in tls-secret"
        + (isAuthority ? "; for a ConfigMap leave ca-cert out and use --set vault.tls.caConfigMap=NAME" : "")
    }
    if path.isBelow(HashiCorpPaths.custom) { return "name the Secret that holds it in agent-extra-secret" }
    if isAuthority, path.isBelow(HashiCorpToken.kubernetesPath) {
      return "copy it from the ConfigMap kube-root-ca.crt: leave ca-cert out and use --set "
        + "vault.tls.caConfigMap=kube-root-ca.crt"
    }
    return nil
  }
}

/// A folder that images cannot do without.
private struct SystemFolder {
  /// What is in it.
  let contents: String

  init?(_ path: String) {
    guard let found = SystemFolder.known.first(where: { $0.path == path }) else { return nil }
    contents = found.contents
  }

  private static let authorities = "the certificate authorities that programs trust, the agents' among them"
  private static let programs = "the programs of the image"
  private static let known: [(path: String, contents: String)] = [
    ("/", "the whole image"), ("/etc", "the users, the resolver's configuration and the certificate authorities"),
    ("/etc/ssl", authorities), ("/etc/ssl/certs", authorities), ("/etc/pki", authorities),
    ("/usr/share/ca-certificates", authorities), ("/bin", programs), ("/sbin", programs), ("/usr", programs),
    ("/usr/bin", programs), ("/usr/local", programs), ("/usr/local/bin", programs),
    ("/lib", "the libraries of the image"),
    ("/lib64", "the libraries of the image"), ("/usr/lib", "the libraries of the image"),
    ("/proc", "what the kernel shows of processes"), ("/sys", "what the kernel shows of devices"),
    ("/dev", "the devices"),
  ]
}

extension String {
  /// True for a clean path that is in a folder, at any depth.
  fileprivate func isBelow(_ folder: String) -> Bool {
    ByteText.rest(of: self, after: folder == "/" ? folder : folder + "/") != nil
  }
}

extension Container {
  /// The program it starts, where that is written out with its path.
  fileprivate func program() throws(Diagnostic) -> String? {
    guard let command = try document.value("command", in: node),
      let first = document.items(of: command).first(where: { _ in true }),
      document.isString(first)
    else { return nil }
    let text = document.text(of: first)
    return text.utf8.starts(with: "/".utf8) ? GoText.cleaned(text) : nil
  }

  fileprivate func workingFolder() throws(Diagnostic) -> String? {
    guard let folder = try document.value("workingDir", in: node), document.isString(folder) else { return nil }
    return GoText.cleaned(document.text(of: folder))
  }
}
