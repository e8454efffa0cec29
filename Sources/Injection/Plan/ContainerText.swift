internal import ManifestText
internal import Workloads

// What containers say of themselves in text that nobody but a shell reads.

extension Container {
  /// Where its name stands, or else the container.
  func namePlace() throws(Diagnostic) -> Range<Int> {
    document.range(of: try document.value("name", in: node) ?? node)
  }

  /// True for an init container that keeps running beside the pod's own.
  func staysOn() throws(Diagnostic) -> Bool {
    guard let policy = try document.value("restartPolicy", in: node) else { return false }
    return document.isText(policy, equalTo: "Always")
  }

  /// The first of some folders that its command, its arguments or its environment name, or something in it.
  func mentioned(of folders: [String]) throws(Diagnostic) -> String? {
    var texts = try environment().map(\.value)
    for key in ["command", "args"] {
      guard let list = try document.value(key, in: node) else { continue }
      texts += document.items(of: list).filter(document.isString).map(document.text(of:))
    }
    return folders.first { folder in texts.contains { holds($0, folder) } }
  }

  /// True where the folder's whole name stands in a text.
  private func holds(_ text: String, _ folder: String) -> Bool {
    ByteText.pieces(of: text, around: folder).dropFirst().contains { rest in
      guard let next = rest.utf8.first else { return true }
      return !ASCII.isLetter(next) && !ASCII.isDigit(next) && next != ASCII.dash && next != UInt8(ascii: "_")
    }
  }
}

extension PodTemplate {
  /// True where the pod's containers see each other's processes.
  func sharesProcesses() throws(Diagnostic) -> Bool {
    for key in ["shareProcessNamespace", "hostPID"] where try flag(key) { return true }
    return false
  }

  private func flag(_ key: String) throws(Diagnostic) -> Bool {
    guard let spec = try spec(), let value = try document.value(key, in: spec) else { return false }
    return try document.value(of: value) == .bool(true)
  }
}

/// A shell command.
struct CommandText {
  private let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  /// True where it sends a signal to another process.
  var sendsSignal: Bool { ["kill", "pkill", "killall", "killall5"].contains(where: runs) }

  /// True where a program of this name stands where a command begins.
  private func runs(_ program: String) -> Bool {
    let name = Array(program.utf8)
    guard bytes.count >= name.count else { return false }
    return (0...bytes.count - name.count).contains { start in
      let end = start + name.count
      guard bytes[start..<end].elementsEqual(name) else { return false }
      return begins(at: start) && (end == bytes.count || bytes[end] <= ASCII.space)
    }
  }

  /// True at the beginning, after white space, a quote or a sign of the shell, and after the folder of programs.
  private func begins(at start: Int) -> Bool {
    guard start > 0 else { return true }
    let before = bytes[start - 1]
    if before == UInt8(ascii: "/") { return bytes[..<(start - 1)].suffix(3).elementsEqual("bin".utf8) }
    return before <= ASCII.space || "\"'`;&|(".utf8.contains(before)
  }
}

/// A service mesh whose init container sends the pod's traffic to a proxy that is not there yet.
struct ServiceMesh {
  /// What it is called.
  let name: String
  private let containers: [String]

  private struct Known {
    let name: String
    /// The init containers that redirect.
    let containers: [String]
    let proxy: String
    /// Annotations by which some traffic goes around the proxy.
    let exceptions: [String]
    /// The user whose traffic does.
    let user: String
  }

  private static let known = [
    Known(
      name: "Istio", containers: ["istio-init"], proxy: "istio-proxy",
      exceptions: [
        "traffic.sidecar.istio.io/excludeOutboundPorts", "traffic.sidecar.istio.io/excludeOutboundIPRanges",
        "traffic.sidecar.istio.io/includeOutboundIPRanges",
      ], user: "1337"),
    Known(
      name: "Linkerd", containers: ["linkerd-init"], proxy: "linkerd-proxy",
      exceptions: ["config.linkerd.io/skip-outbound-ports"], user: "2102"),
    Known(
      name: "Kuma", containers: ["kuma-init"], proxy: "kuma-sidecar",
      exceptions: ["traffic.kuma.io/exclude-outbound-ports"], user: "5678"),
  ]
}

extension ServiceMesh {
  /// The mesh that a pod is in already; nil where there is none, its proxy starts with the init containers, or some of
  /// the traffic goes around it.
  init?(_ template: PodTemplate, initContainers: [Container], agentUser: Int64?) throws(Diagnostic) {
    let names = try initContainers.map { (container) throws(Diagnostic) in try container.name() }
    guard let mesh = ServiceMesh.known.first(where: { $0.containers.contains(where: names.holdsExactly) }),
      !names.holdsExactly(mesh.proxy), agentUser.map(String.init) != mesh.user
    else { return nil }
    let annotations = try template.annotations()
    for key in mesh.exceptions where try annotations.value(key) != nil { return nil }
    (name, containers) = (mesh.name, mesh.containers)
  }

  /// True for the init container that redirects.
  func redirects(_ container: Container) throws(Diagnostic) -> Bool { try containers.holdsExactly(container.name()) }
}
