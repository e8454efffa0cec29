import Injection
import ManifestText
import TestSupport
import Testing
import Workloads

/// Compares what is told of a pod with what the injection makes of it.
struct StoryTruth {
  let dialect: any ExplainableDialect
  var namespace: String?
  var kinds = WorkloadKinds()

  /// Explains a document, injects it, and compares the two.
  /// - Returns: how many pods were compared.
  @discardableResult
  func check(_ document: Document, _ name: String) throws -> Int {
    let explainer = Explainer(
      dialects: [dialect], kinds: kinds, namespace: namespace, policy: FindingPolicy(isExact: true))
    let injector = Injector(
      dialects: [dialect], kinds: kinds, namespace: namespace, policy: FindingPolicy(isExact: true))
    let plan = injector.plan(for: document)
    let stories = explainer.explain(document)
    #expect(stories.map(\.plan.outcome) == plan.objects.map(\.outcome), "\(name)")
    if plan.refusals.isEmpty {
      let result = try plan.result()
      let value = try result.value(of: #require(result.root))
      for pod in stories.flatMap(\.pods) {
        let spec = try #require(value.child(at: pod.path)?["spec"], "\(name)")
        try PodTruth(story: pod, spec: spec, name: "\(name), \(pod.path)").check()
      }
    }
    for story in stories { checkReasons(of: story, document, name) }
    return stories.flatMap(\.pods).count
  }

  private func checkReasons(of story: ObjectStory, _ document: Document, _ name: String) {
    switch story.plan.outcome {
    case .injected: #expect(story.objections.isEmpty && !story.pods.isEmpty, "\(name)")
    case .refused: #expect(story.pods.isEmpty, "\(name)")
    case .unchanged: #expect(!story.objections.isEmpty && story.pods.isEmpty, "\(name)")
    default: break
    }
    for pod in story.pods {
      let decisions = [pod.request] + pod.login + pod.decisions + pod.files.flatMap(\.decisions)
      for case .annotation(let key, let range) in decisions.map(\.source) {
        #expect(document.range.contains(range.lowerBound) || range.isEmpty, "\(name): \(key)")
      }
    }
  }
}

/// A story and the spec of the pod it is about.
private struct PodTruth {
  let story: PodStory
  let spec: Value
  let name: String

  func check() throws {
    for (list, steps) in [("initContainers", story.initial), ("containers", story.running)] {
      let containers = spec[list]?.array ?? []
      #expect(containers.map { $0["name"]?.string ?? "" } == steps.map(\.name), "\(name)")
      for (container, step) in zip(containers, steps) where step.isAdded {
        #expect(container["image"]?.string ?? "" == step.image, "\(name)")
        #expect((list == "initContainers" && container["restartPolicy"] == "Always") == step.stays, "\(name)")
        try check(container, step)
      }
    }
    for file in story.files { checkReaders(of: file) }
  }

  private func check(_ container: Value, _ step: PodStory.Step) throws {
    let writes = step.writes
    // What writes a file first owns it.
    if writes, step == (story.initial + story.running).first(where: \.writes) {
      let context = container["securityContext"]
      for file in story.files {
        guard case .number(let user) = context?["runAsUser"], case .number(let group) = context?["runAsGroup"] else {
          continue
        }
        #expect(file.value(of: "owner") == "\(user):\(group)", "\(name)")
      }
    }
    if let text = variable("VAULT_CONFIG", of: container) ?? variable("BAO_CONFIG", of: container) {
      try check(
        configuration: Fixtures.value(text.hasPrefix("{") ? Array(text.utf8) : #require(Base64.decoded(text.utf8))))
    }
    if let role = variable("VSI_VAULT_ROLE", of: container) { #expect(decided("role") ?? "" == role, "\(name)") }
    if let method = variable("VSI_VAULT_AUTH_METHOD", of: container) { #expect(decided("method") == method, "\(name)") }
    if let address = variable("VAULT_ADDR", of: container) ?? variable("BAO_ADDR", of: container) {
      #expect(decided("address") == address, "\(name)")
    }
    if let configuration = HereDocument(of: container)?.text { check(hcl: configuration, writes: writes) }
    if writes, let templates = variable("VSI_SECRETS_TEMPLATES_PLACEHOLDER", of: container) {
      for file in story.files {
        let base = String(file.path.dropFirst("/opt/talend/secrets/".count))
        #expect(base.isEmpty || templates.contains(base), "\(name): \(base)")
        if let mode = file.value(of: "mode") { #expect(templates.contains("perms = \"\(mode)\""), "\(name)") }
        for path in file.reads.compactMap(\.path) where path.allSatisfy({ $0.isLetter || $0 == "/" }) {
          #expect(path.isEmpty || templates.contains(path), "\(name): \(path)")
        }
      }
    }
  }

  /// The configuration that was made for the pod: of an agent, or of what renders with the token of one.
  private func check(hcl text: String, writes: Bool) {
    if text.contains("auto_auth {") {
      let method = decided("method") ?? ""
      #expect(text.contains("method \"\(method)\" {"), "\(name)")
      #expect(text.contains("mount_path = ") == (decided("path") != "auth/\(method)"), "\(name)")
      #expect(text.contains("role = ") == (method == "kubernetes"), "\(name)")
      if method == "kubernetes" {
        #expect(text.contains("role = \(HCLText.quoted(decided("role") ?? ""))\n"), "\(name)")
      }
    }
    let stanzas = text.components(separatedBy: "\ntemplate {\n").dropFirst()
    #expect(stanzas.count == (writes ? story.files.count : 0), "\(name)")
    for (stanza, file) in zip(stanzas, story.files) {
      #expect(stanza.hasPrefix("  destination = \(HCLText.quoted(file.path))\n"), "\(name)")
      #expect(stanza.contains("\n  perms = ") == (file.value(of: "mode") != "0644"), "\(name)")
      #expect(file.command.isEmpty || stanza.contains("  command = \(HCLText.quoted(file.command))\n"), "\(name)")
      switch file.contents {
      case .template(let text): #expect(stanza.contains("  contents = \(HCLText.literal(lines: text))\n"), "\(name)")
      default:
        for path in file.reads.compactMap(\.path) {
          #expect(stanza.contains(DefaultTemplate.text(of: path)), "\(name)")
        }
      }
    }
  }

  /// The configuration that an agent of HashiCorp's reads.
  private func check(configuration: Value) {
    let method = configuration["auto_auth"]?["method"]
    #expect(method?["type"]?.string == decided("method"), "\(name)")
    #expect(method?["mount_path"]?.string == decided("path"), "\(name)")
    #expect(method?["config"]?["role"]?.string == decided("role"), "\(name)")
    #expect(method?["namespace"]?.string == decided("namespace"), "\(name)")
    #expect(configuration["vault"]?["address"]?.string == decided("address"), "\(name)")
    #expect(configuration["vault"]?["ca_cert"]?.string == decided("authority"), "\(name)")
    let templates = configuration["template"]?.array ?? []
    let files = story.files.filter { $0.contents != .token }
    #expect(templates.map { $0["destination"]?.string } == files.map(\.path), "\(name)")
    for (template, file) in zip(templates, files) {
      #expect(template["perms"]?.string ?? "0644" == file.value(of: "mode"), "\(name)")
      #expect(template["command"]?.string ?? "" == file.command, "\(name)")
      let contents = template["contents"]?.string ?? ""
      switch file.contents {
      case .defaultTemplate:
        #expect(file.reads.compactMap(\.path).allSatisfy { contents.contains("\"\($0)\"") }, "\(name)")
      case .template(let text), .variables(let text): #expect(text == contents, "\(name)")
      case .templateFile(let path): #expect(template["source"]?.string == path, "\(name)")
      case .token: break
      }
    }
    let sinks = (configuration["auto_auth"]?["sink"]?.array ?? []).compactMap { $0["config"]?["path"]?.string }
    #expect(sinks.dropFirst() == story.files.filter { $0.contents == .token }.map(\.path)[...], "\(name)")
  }

  /// A container finds a file where it mounts a folder that the file is in.
  private func checkReaders(of file: PodStory.File) {
    let own = (story.initial + story.running).filter { !$0.isAdded }.map(\.name)
    let containers = ["initContainers", "containers"].flatMap { spec[$0]?.array ?? [] }
    for reader in file.readers {
      #expect(own.contains(reader.container), "\(name)")
      let mounts = containers.filter { $0["name"]?.string == reader.container }
        .flatMap { $0["volumeMounts"]?.array ?? [] }.compactMap { $0["mountPath"]?.string }
      #expect(mounts.contains { reader.path.hasPrefix("\($0)/") }, "\(name): \(reader)")
    }
  }

  private func decided(_ subject: String) -> String? { story.login.first { $0.subject == subject }?.value }

  private func variable(_ variable: String, of container: Value) -> String? {
    container["env"]?.array?.last { $0["name"]?.string == variable }?["value"]?.string
  }
}

extension PodStory.Step {
  fileprivate var writes: Bool { deeds.contains { if case .writes = $0 { true } else { false } } }
}

extension Value {
  fileprivate func child(at path: Path) -> Value? {
    path.steps.reduce(Optional(self)) { value, step in
      switch step {
      case .key(let key): value?[key]
      case .index(let index): value?.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
      }
    }
  }
}
