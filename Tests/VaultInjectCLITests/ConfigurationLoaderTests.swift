import Foundation
import Injection
import KubernetesAPI
import ManifestText
import TestSupport
import Testing
import Cluster
import ClusterTestSupport
import Output
import VaultInjectCLI
import Workloads

/// The configuration a command line and the files around it give.
@Suite struct ConfigurationLoaderTests {
  private let folder: TemporaryFolder
  private let working: String
  /// The fixture of the webhook's five files.
  private let webhook = Fixtures.folder.appending(path: "talend/config").path

  init() throws {
    folder = try TemporaryFolder()
    working = try folder.folder("a/b")
  }

  private func load(_ arguments: String...) throws -> LoadedConfiguration {
    try loader(arguments).load()
  }

  private func loader(_ arguments: [String]) throws -> ConfigurationLoader {
    ConfigurationLoader(try ConfigurationOptions.parse(arguments).request, workingFolder: working)
  }

  /// Where it is, what is said, the hint on a line of its own, and how the process ends.
  private func complaint(_ arguments: String...) throws -> String {
    do {
      _ = try loader(arguments).load()
      return "nothing"
    } catch let error as Fault {
      let place = error.source.flatMap { source in
        error.diagnostic.range.map { "\(source.location(of: $0.lowerBound))" }
      }
      let name = (place ?? error.input).map { "\($0): " } ?? ""
      let text =
        "\(name)\(error.diagnostic.message)\n\(error.diagnostic.hint ?? "no hint")\n\(Failure.exitCode(of: error.kind))"
      return text.replacing(folder.path, with: "T")
    }
  }

  private func origin(_ path: String, _ loaded: LoadedConfiguration) -> String {
    "\(loaded.configuration.origin(of: path))".replacing(folder.path, with: "T")
  }

  // MARK: Precedence

  @Test func builtIn() throws {
    let loaded = try load()
    #expect(loaded.settings == TalendSettings())
    #expect(loaded.talend.configuration == nil)
    #expect(!loaded.isExact && !loaded.talend.isExact)
    #expect(loaded.findings.isEmpty && loaded.webhookConfiguration == nil)
  }

  @Test func eachSourceWinsOverTheOneBefore() throws {
    #expect(try origin("vault.address", load()) == "built in")
    try folder.write(
      "a/.vault-inject.yaml",
      "vault: {address: http://found}\nimage: found\nprogram: found\npodPaths: {A: spec.a}")
    let named = try folder.write("named.yaml", "vault: {address: http://named}\nimage: named")
    var loaded = try load()
    #expect(loaded.settings.vaultAddress == "http://found")
    #expect(origin("vault.address", loaded) == "T/a/b/../.vault-inject.yaml:1:9")
    loaded = try load("--config", named)
    #expect(loaded.settings.vaultAddress == "http://named")
    #expect(origin("vault.address", loaded) == "T/named.yaml:1:9")
    loaded = try load("--config", named, "--set", "vault.address=http://set", "--set", "image=set")
    #expect(loaded.settings.vaultAddress == "http://set")
    #expect(origin("vault.address", loaded) == "--set")
    loaded = try load("--config", named, "--vault-addr", "http://addr", "--set", "vault.address=http://set")
    #expect(loaded.settings.vaultAddress == "http://addr")
    #expect(origin("vault.address", loaded) == "--vault-addr")
    #expect(loaded.settings.image == "named")
    #expect(loaded.settings.program == "found")
    #expect(loaded.talend.operatorSettings == loaded.settings)
    #expect(loaded.talend.configuration == nil)
  }

  @Test func nearestFileIsTheOneThatCounts() throws {
    try folder.write("a/.vault-inject.yaml", "image: above\nprogram: above")
    try folder.write("a/b/.vault-inject.yaml", "image: here")
    let loaded = try load()
    #expect(loaded.settings.image == "here")
    #expect(loaded.settings.program == "vault")
  }

  @Test func otherOptions() throws {
    let loaded = try load(
      "--exact", "--sidecars", "container", "--pod-path", "example.com/Widget=spec.template")
    #expect(loaded.isExact && loaded.talend.isExact)
    #expect(loaded.talend.configuration == .builtIn(loaded.settings))
    #expect(origin("sidecars", loaded) == "--sidecars")
    let document = try Fixtures.document(Array("apiVersion: example.com/v1\nkind: Widget".utf8))
    let object = try #require(try ManifestObject.objects(of: document).first)
    #expect(loaded.kinds.kind(of: object)?.templates.map(\.steps) == [["spec", "template"]])
    #expect(try load("--sidecars", "native").settings.sidecars == .native)
  }

  @Test(arguments: [["--set"], ["--sidecars", "both"], ["--vault-addr"]]) func unusable(_ arguments: [String]) {
    #expect(throws: (any Error).self) { try ConfigurationOptions.parse(arguments) }
  }

  // MARK: Files that cannot be used

  @Test func missingFile() throws {
    try folder.write("config.yaml", "")
    #expect(
      try complaint("--config", folder.path("confg.yaml")) == """
        T/confg.yaml: no such file or folder
        did you mean T/config.yaml?
        66
        """)
  }

  @Test func emptyName() throws {
    #expect(
      try complaint("--config", "") == """
        the value of --config is empty
        a variable may be empty; leave the option out for what is built in
        64
        """)
    #expect(
      try complaint("--webhook-config", "") == """
        the value of --webhook-config is empty
        a variable may be empty; leave the option out for what is built in
        64
        """)
  }

  @Test func folderInPlaceOfAFile() throws {
    #expect(
      try complaint("--config", folder.path) == """
        T: cannot be read: Is a directory
        a folder was put where a file is read
        65
        """)
    try folder.folder("a/.vault-inject.yaml")
    #expect(
      try complaint() == """
        T/a/b/../.vault-inject.yaml: cannot be read: Is a directory
        a folder was put where a file is read
        65
        """)
  }

  @Test func brokenFile() throws {
    try folder.write("a/.vault-inject.yaml", "vault:\n  adress: x\n")
    #expect(
      try complaint() == """
        T/a/b/../.vault-inject.yaml:2:3: there is no setting `vault.adress`
        did you mean vault.address?
        65
        """)
  }

  @Test func brokenOption() throws {
    #expect(
      try complaint("--set", "vault.adress=x") == """
        there is no setting `vault.adress`
        did you mean vault.address?
        64
        """)
    #expect(
      try complaint("--vault-addr", "") == """
        the value of --vault-addr is empty
        a variable may be empty; leave the option out for what is built in
        64
        """)
    #expect(
      try complaint("--pod-path", "Widget") == """
        `--pod-path Widget` has no =
        write --pod-path GROUP/KIND=PATH, such as example.com/Widget=spec.template
        64
        """)
    #expect(
      try complaint("--set", "vault.tls.caSecret=a", "--set", "vault.tls.caConfigMap=b") == """
        `vault.tls.caConfigMap` and `vault.tls.caSecret` are both set
        set one of them to ""
        64
        """)
  }

  // MARK: The webhook's own configuration

  private func configMap() throws -> String {
    var members: [Value.Member] = []
    for file in TalendConfiguration.File.allCases {
      let bytes = try Fixtures.source("talend/config/\(file.rawValue)").bytes
      members.append(.init(key: file.rawValue, value: .string(String(decoding: bytes, as: UTF8.self))))
    }
    let object: Value = ["apiVersion": "v1", "kind": "ConfigMap", "data": .object(members)]
    return String(decoding: YAMLWriter.block(object), as: UTF8.self)
  }

  @Test func folderAndConfigMap() throws {
    let fromFolder = try load("--webhook-config", webhook)
    let path = try folder.write("cm.yaml", try configMap())
    let fromManifest = try load("--webhook-config", path)
    #expect(fromFolder.talend.configuration == fromManifest.talend.configuration)
    #expect(fromFolder.talend.configuration?.origin == .webhook)
    #expect(fromFolder.webhookConfiguration == webhook)
    #expect(fromFolder.findings.isEmpty)
    #expect(
      try load("--webhook-config", webhook + "/").talend.configuration == fromFolder.talend.configuration)
  }

  @Test func folderWithoutOneOfTheFiles() throws {
    try folder.folder("hook")
    for file in TalendConfiguration.File.allCases where file != .proxy {
      try folder.write("hook/\(file.rawValue)", "")
    }
    #expect(
      try complaint("--webhook-config", folder.path("hook")) == """
        T/hook: the webhook's configuration has no proxyconfig.hcl
        all five are needed: injectionconfig.yaml, proxyconfig.hcl, templateblock.hcl, templatedefault.tmpl, \
        podlifecyclehooks.yaml
        66
        """)
    try folder.folder("hook/proxyconfig.hcl")
    #expect(
      try complaint("--webhook-config", folder.path("hook")) == """
        T/hook/proxyconfig.hcl: cannot be read: Is a directory
        a folder was put where a file is read
        65
        """)
  }

  @Test func brokenWebhookFiles() throws {
    try folder.folder("hook")
    for file in TalendConfiguration.File.allCases { try folder.write("hook/\(file.rawValue)", "") }
    try folder.write("hook/proxyconfig.hcl", "listener {\n  port = <VSI_PORT>\n}\n")
    #expect(
      try complaint("--webhook-config", folder.path("hook")) == """
        T/hook/proxyconfig.hcl:2:10: nothing replaces the placeholder <VSI_PORT> here
        this file knows <VSI_PROXY_PORT>
        65
        """)
    let manifest = try folder.write("cm.yaml", "kind: ConfigMap\n")
    #expect(
      try complaint("--webhook-config", manifest).hasPrefix(
        "T/cm.yaml: holds no ConfigMap with the key injectionconfig.yaml\n"))
    #expect(try complaint("--webhook-config", manifest).hasSuffix("\n65"))
  }

  @Test func missingWebhookConfiguration() throws {
    #expect(
      try complaint("--webhook-config", folder.path("nowhere"))
        == "T/nowhere: no such file or folder\nno hint\n66")
  }

  @Test func webhookConfigurationInTheCluster() throws {
    let kubeconfig = try folder.write("kubeconfig", "{}")
    let files = [
      "injectionconfig.yaml", "proxyconfig.hcl", "templateblock.hcl", "templatedefault.tmpl", "podlifecyclehooks.yaml",
    ]
    let data = try files.map { name in
      Value.Member(key: name, value: .string(try String(contentsOfFile: "\(webhook)/\(name)", encoding: .utf8)))
    }
    let answer: Value = [
      "kind": "ConfigMap", "apiVersion": "v1", "metadata": ["name": "injector"], "data": .object(data),
    ]
    let connect: ClusterConnection.Opening = { _ in
      TransportDouble { request in
        request.path == "/api/v1/namespaces/vault/configmaps/injector"
          ? APIResponse(status: 200, body: JSONWriter.compact(answer)) : .status(404, "NotFound", "none")
      }
    }
    func load(_ name: String) throws -> LoadedConfiguration {
      let cluster = try ClusterOptions.parse(["--kubeconfig", kubeconfig, "-s", "https://a"])
      let request = try ConfigurationOptions.parse(["--webhook-config", name]).request
      return try ConfigurationLoader(request, cluster: cluster.access(connect), workingFolder: working).load()
    }
    #expect(
      try load("configmap/vault/injector").talend.configuration
        == self.load("--webhook-config", webhook).talend.configuration)
    func complaint(_ name: String) throws -> String {
      do {
        _ = try load(name)
        return "nothing"
      } catch let error as Fault {
        return "\(error)\n\(Failure.exitCode(of: error.kind))"
      }
    }
    #expect(
      try complaint("configmap/vault/other") == """
        configmap/vault/other: the cluster has no such ConfigMap
          hint: see kubectl get configmaps -n vault for those there are
        66
        """)
    #expect(
      try complaint("configmap/injector") == """
        `configmap/injector` names no ConfigMap of a cluster
          hint: write configmap/NAMESPACE/NAME; a file of that name is ./configmap/injector
        64
        """)
  }

  // MARK: What has no effect

  @Test func settingsBesideTheWebhooksConfiguration() throws {
    try folder.write("a/.vault-inject.yaml", "image: x\ntalend: {annotationPrefix: z}\nsidecars: native")
    let findings = try load("--webhook-config", webhook).findings.map(\.diagnostic)
    #expect(
      findings.map(\.message).map { $0.replacing(folder.path, with: "T") } == [
        "`image` (T/a/b/../.vault-inject.yaml:1:1) has no effect on what --webhook-config injects"
      ])
    #expect(findings.map(\.severity) == [.warning])
    #expect(
      findings.map(\.hint) == ["the containers are those of the webhook's configuration: change them there"])
    #expect(
      try load("--webhook-config", webhook, "--vault-addr", "http://v").findings.map(\.diagnostic.message)
        .map { $0.replacing(folder.path, with: "T") } == [
          "`vault.address` (--vault-addr), `image` (T/a/b/../.vault-inject.yaml:1:1) have no effect on what "
            + "--webhook-config injects"
        ])
    #expect(try load().findings.isEmpty)
  }

  @Test func nativeSidecarsBesideExact() throws {
    let findings = try load("--exact", "--sidecars", "native").findings.map(\.diagnostic)
    #expect(findings.map(\.message) == ["`sidecars` (--sidecars) has no effect together with --exact"])
    #expect(findings.map(\.hint) == ["the webhook knows no native sidecars; leave --exact out to have them"])
    #expect(try load("--exact").findings.isEmpty)
  }
}

extension LoadedConfiguration {
  fileprivate var settings: TalendSettings { configuration.settings() }
  fileprivate var talend: TalendDialect.Settings { TalendDialect.Settings(settings, options) }
}
