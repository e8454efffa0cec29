import Injection
import ManifestText
import Testing

@Suite struct TalendBuiltInTests {
  private func container(
    _ name: String, _ change: (inout TalendSettings) -> Void = { _ in }
  ) throws -> Value {
    var settings = TalendSettings()
    change(&settings)
    let configuration = TalendConfiguration.builtIn(settings)
    let containers = configuration.initContainers + configuration.containers
    return try #require(containers.first { $0["name"] == .string(name) })
  }

  private func names(_ values: [Value]) -> [String] { values.compactMap { $0["name"]?.string } }

  private func variable(_ name: String, of container: Value) -> String? {
    container["env"]?.array?.first { $0["name"] == .string(name) }?["value"]?.string
  }

  @Test func containersAndVolumesBearTheInjectorsNames() {
    let configuration = TalendConfiguration.builtIn(TalendSettings())
    #expect(names(configuration.initContainers) == ["tvsi-vault-agent-init", "tvsi-env-init"])
    #expect(names(configuration.containers) == ["tvsi-job-babysitter", "tvsi-vault-agent"])
    #expect(names(configuration.volumes) == ["secrets", "tvsi-shared", "tvsi-agent"])
    #expect(configuration.origin == .builtIn)
  }

  @Test func consulTemplateTakesTheTemplatesOverFromTheAgent() throws {
    let agent = try container("tvsi-vault-agent") { $0.renderer = .consulTemplate }
    let renderer = try container("tvsi-consul-template") {
      $0.renderer = .consulTemplate
      $0.consulTemplateImage = "mirror/consul-template:1"
    }
    #expect(variable("VSI_SECRETS_TEMPLATES_PLACEHOLDER", of: agent) == nil)
    #expect(variable("VSI_SECRETS_TEMPLATES_PLACEHOLDER", of: renderer) == "")
    #expect(renderer["image"] == "mirror/consul-template:1")
  }

  @Test func userAndGroupAreLeftOutForClustersThatAssignThem() throws {
    let assigned: Value = [
      "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]], "readOnlyRootFilesystem": true,
      "runAsNonRoot": true, "seccompProfile": ["type": "RuntimeDefault"],
    ]
    let own = try container("tvsi-vault-agent")
    #expect(own["securityContext"]?["runAsUser"] == 100)
    #expect(own["securityContext"]?["runAsGroup"] == 1000)
    let other = try container("tvsi-vault-agent") {
      $0.runAsUser = nil
      $0.runAsGroup = nil
    }
    #expect(other["securityContext"] == assigned)
  }

  @Test func tlsAndNamespaceReachTheAgentsEnvironment() throws {
    let plain = try container("tvsi-vault-agent")
    let secured = try container("tvsi-vault-agent") {
      $0.vaultAddress = "https://vault.example.com:8200"
      $0.vaultNamespace = "team"
      $0.caSecret = "vault-tls"
      $0.caKey = "root.pem"
      $0.tlsServerName = "vault"
      $0.tlsSkipVerify = true
    }
    let variables = [
      "VAULT_ADDR", "VAULT_NAMESPACE", "VAULT_CACERT", "VAULT_TLS_SERVER_NAME", "VAULT_SKIP_VERIFY",
    ]
    #expect(
      variables.map { variable($0, of: plain) } == ["http://vault.vault.svc:8200", nil, nil, nil, nil])
    #expect(
      variables.map { variable($0, of: secured) } == [
        "https://vault.example.com:8200", "team", "/opt/talend/vault-ca/root.pem", "vault", "true",
      ])
  }

  @Test func certificateAuthorityIsOneFile() {
    var settings = TalendSettings()
    settings.caSecret = "from-secret"
    let items: Value = [["key": "ca.crt", "path": "ca.crt"]]
    #expect(
      TalendConfiguration.builtIn(settings).volumes.last
        == ["name": "tvsi-vault-ca", "secret": ["secretName": "from-secret", "items": items]])
    settings.caConfigMap = "from-map"
    #expect(
      TalendConfiguration.builtIn(settings).volumes.last
        == ["name": "tvsi-vault-ca", "configMap": ["name": "from-map", "items": items]])
  }

  @Test func emptyResourcesAndPullPoliciesAreLeftOut() throws {
    let container = try container("tvsi-vault-agent") {
      $0.imagePullPolicy = ""
      $0.agentResources.limitsCPU = ""
    }
    #expect(container["imagePullPolicy"] == nil)
    #expect(
      container["resources"] == [
        "limits": ["memory": "80Mi"], "requests": ["cpu": "160m", "memory": "65Mi"],
      ])
  }

  @Test func settingsAreQuotedForWhereTheyStand() throws {
    let agent = try container("tvsi-vault-agent") {
      $0.kubernetesAuthPath = "k8s \"east\" ${x}"
      $0.approleRoleIDFile = "role id"
      $0.program = "my vault's"
    }
    let script = try #require(agent["command"]?.array?.last?.string)
    #expect(script.contains(#"mount_path = "auth/k8s \"east\" \u0024{x}""#))
    #expect(script.contains(#"role_id_file_path = "/opt/talend/secrets/role id""#))
    #expect(script.contains(#"'my vault'\''s' agent -config="$home/agent.hcl" &"#))
  }

  @Test func nothingIsLeftForOthersToSubstitute() {
    for renderer in TalendSettings.Renderer.allCases {
      var settings = TalendSettings()
      settings.renderer = renderer
      let configuration = TalendConfiguration.builtIn(settings)
      let texts = [configuration.proxyConfig, configuration.templateBlock, configuration.templateDefault]
      let values = configuration.initContainers + configuration.containers + configuration.volumes
      for text in texts + values.flatMap(strings) {
        #expect(!text.contains("${") && !text.contains("$$"), "\(text)")
      }
    }
  }

  private func strings(_ value: Value) -> [String] {
    switch value {
    case .string(let text): [text]
    case .array(let elements): elements.flatMap(strings)
    case .object(let members): members.flatMap { strings($0.value) }
    case .null, .bool, .number: []
    }
  }

  @Test func nativeSidecarHasStartedOnceEverythingIsThere() {
    var settings = TalendSettings()
    settings.startupSeconds = 60
    let probe = TalendStartupProbe(settings).agent(destinations: ["a b", "c"], proxyPort: 8200)
    let script = """
      for file; do [ -e "$file" ] || exit 1; done
      grep -q ' 0100007F:2008 00000000:0000 0A ' /proc/net/tcp
      """
    #expect(
      probe == [
        "exec": [
          "command": [
            "sh", "-c", .string(script), "sh", "/home/vault/token", "/opt/talend/secrets/a b",
            "/opt/talend/secrets/c",
          ]
        ],
        "failureThreshold": 60, "periodSeconds": 1, "timeoutSeconds": 5,
      ])
    #expect(
      TalendStartupProbe(settings).consulTemplate(destinations: ["c"])["exec"]?["command"]?.array?.last
        == "/opt/talend/secrets/c")
  }
}
