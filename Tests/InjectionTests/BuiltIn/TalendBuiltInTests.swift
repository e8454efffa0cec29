import Injection
import ManifestText
import Testing

/// The containers and volumes that are made for a pod.
@Suite struct TalendBuiltInTests {
  private static let file = TalendTemplate(destination: "secrets.properties", path: "secret/app")

  /// A pod of one role and one file, unless a test says otherwise.
  private func needs(_ change: (inout TalendNeeds) -> Void = { _ in }) -> TalendNeeds {
    var needs = TalendNeeds(login: .kubernetes(role: "app"))
    needs.files = [Self.file]
    change(&needs)
    return needs
  }

  private func brought(
    _ needs: TalendNeeds, _ change: (inout TalendSettings) -> Void = { _ in }
  ) -> BroughtAlong {
    var settings = TalendSettings()
    change(&settings)
    return BuiltInContainers(settings).brought(for: needs)
  }

  private func agent(_ change: (inout TalendSettings) -> Void = { _ in }) throws -> Value {
    try #require(brought(needs(), change).sidecars.first)
  }

  private func script(_ container: Value?) throws -> String {
    try #require(container?["command"]?.array?.last?.string)
  }

  private func configuration(_ container: Value?) throws -> String {
    try #require(container.flatMap(HereDocument.init)).text
  }

  private func names(_ values: [Value]) -> [String] { values.compactMap { $0["name"]?.string } }

  private func mounts(_ container: Value?) -> [String] { names(container?["volumeMounts"]?.array ?? []) }

  private func variable(_ name: String, of container: Value) -> String? {
    container["env"]?.array?.first { $0["name"] == .string(name) }?["value"]?.string
  }

  // MARK: Who comes along

  @Test func filesThatAreKeptTakeAnAgent() {
    let brought = brought(needs())
    #expect(names(brought.initContainers) == [])
    #expect(names(brought.sidecars) == ["tvsi-vault-agent"])
    #expect(names(brought.volumes) == ["secrets", "tvsi-agent", "tvsi-sa-token"])
    #expect(mounts(brought.sidecars.first) == ["secrets", "tvsi-agent", "tvsi-sa-token"])
  }

  @Test func filesThatAreReadOnceTakeAnInitContainer() {
    let brought = brought(
      needs {
        $0.rendering = .once
        $0.wantsEnvironmentHelper = true
      })
    #expect(names(brought.initContainers) == ["tvsi-vault-agent-init", "tvsi-env-init"])
    #expect(names(brought.sidecars) == [])
    #expect(names(brought.volumes) == ["secrets", "tvsi-agent", "tvsi-sa-token"])
    #expect(mounts(brought.initContainers.last) == ["secrets"])
  }

  @Test func proxyAloneNeedsNoVolumeForSecrets() {
    let brought = brought(
      needs {
        $0.files = []
        $0.proxyPort = "8200"
      })
    #expect(names(brought.volumes) == ["tvsi-agent", "tvsi-sa-token"])
    #expect(mounts(brought.sidecars.first) == ["tvsi-agent", "tvsi-sa-token"])
  }

  @Test func appRoleReadsNoServiceAccountToken() {
    let brought = brought(needs { $0.login = .appRole })
    #expect(names(brought.volumes) == ["secrets", "tvsi-agent"])
    #expect(mounts(brought.sidecars.first) == ["secrets", "tvsi-agent"])
  }

  @Test func onlyABabysitterNeedsTheSharedVolumeAndTheServersCertificate() throws {
    let brought = brought(needs { $0.job = TalendNeeds.Job(container: "main", isStartedAgain: false) })
    #expect(names(brought.sidecars) == ["tvsi-job-babysitter", "tvsi-vault-agent"])
    #expect(names(brought.volumes) == ["secrets", "tvsi-shared", "tvsi-agent", "tvsi-sa-token"])
    #expect(mounts(brought.sidecars.first) == ["tvsi-shared", "tvsi-sa-token"])
    let sources = try #require(brought.volumes.last?["projected"]?["sources"]?.array)
    #expect(sources.map { $0.members?.first?.key } == ["serviceAccountToken", "configMap"])
  }

  @Test func volumesThatThePodHasAreNotBrought() {
    let brought = brought(
      needs {
        $0.bringsSecrets = true
        $0.agentToken = "own-token"
      })
    #expect(names(brought.volumes) == ["tvsi-agent"])
    #expect(mounts(brought.sidecars.first) == ["secrets", "tvsi-agent", "own-token"])
  }

  @Test func nothingToDoTakesNothing() {
    #expect(brought(needs { $0.files = [] }) == BroughtAlong())
  }

  @Test func consulTemplateTakesTheTemplatesOverFromTheAgent() throws {
    let brought = brought(needs()) {
      $0.renderer = .consulTemplate
      $0.consulTemplateImage = "mirror/consul-template:1"
    }
    #expect(names(brought.sidecars) == ["tvsi-vault-agent", "tvsi-consul-template"])
    #expect(try !configuration(brought.sidecars.first).contains("template {"))
    #expect(mounts(brought.sidecars.first) == ["tvsi-agent", "tvsi-sa-token"])
    #expect(brought.sidecars.last?["image"] == "mirror/consul-template:1")
    #expect(
      try configuration(brought.sidecars.last).hasPrefix(
        """
        log_level = "info"
        kill_signal = "SIGTERM"
        vault {
          vault_agent_token_file = "/home/vault/token"
        }
        template {

        """))
    #expect(mounts(brought.sidecars.last) == ["secrets", "tvsi-agent"])
  }

  @Test func environmentHelperForImagesWithoutAShellCopiesItself() {
    let brought = brought(
      needs {
        $0.rendering = .once
        $0.wantsEnvironmentHelper = true
      }
    ) { $0.environmentHelperImage = "registry.test/helper:1" }
    #expect(brought.initContainers.last?["image"] == "registry.test/helper:1")
    #expect(
      brought.initContainers.last?["command"]
        == ["/vaultinjector-env", "--install", "/opt/talend/secrets/vaultinjector-env"])
  }

  // MARK: The agent's configuration

  /// Nothing that is so by itself, and nothing that this pod does not take.
  @Test func configurationHoldsWhatThePodNeeds() throws {
    #expect(
      try configuration(agent()) == #"""
        log_format = "json"
        auto_auth {
          method "kubernetes" {
            config = {
              role = "app"
              token_path = "/var/run/secrets/talend/vault-sidecar-injector/serviceaccount/token"
            }
          }
          sink "file" {
            config = { path = "/home/vault/token" }
          }
        }
        template {
          destination = "/opt/talend/secrets/secrets.properties"
          contents = <<TEMPLATE
        {{- with secret "secret/app" }}
        {{- $values := .Data }}
        {{- if eq (printf "%T %T" .Data.data .Data.metadata) (printf "%T %T" .Data .Data) }}
        {{- $values = .Data.data }}
        {{- end }}
        {{- range $key, $value := $values }}
        {{- $key }}={{ $value }}
        {{ end }}
        {{- end -}}
        TEMPLATE
          wait {
            min = "1s"
            max = "2s"
          }
        }

        """#)
  }

  @Test func everythingElseIsWrittenWhereItIsAskedFor() throws {
    var needs = TalendNeeds(login: .appRole)
    needs.files = [TalendTemplate(destination: "a b", content: "text", command: "run \"it\"")]
    needs.proxyPort = "8201"
    let agent = brought(needs) {
      $0.logLevel = "debug"
      $0.logFormat = "standard"
      $0.approleAuthPath = "machines"
      $0.renderInterval = "1m"
      $0.filePermissions = "0640"
    }.sidecars.first
    #expect(
      try configuration(agent) == #"""
        log_level = "debug"
        auto_auth {
          method "approle" {
            mount_path = "auth/machines"
            config = {
              role_id_file_path = "/opt/talend/secrets/approle_roleid"
              secret_id_file_path = "/opt/talend/secrets/approle_secretid"
              remove_secret_id_file_after_reading = false
            }
          }
          sink "file" {
            config = { path = "/home/vault/token" }
          }
        }
        template_config {
          static_secret_render_interval = "1m"
        }
        template {
          destination = "/opt/talend/secrets/a b"
          contents = <<TEMPLATE
        text
        TEMPLATE
          command = "run \"it\""
          perms = "0640"
          wait {
            min = "1s"
            max = "2s"
          }
        }
        api_proxy {
          use_auto_auth_token = true
        }
        cache {}
        listener "tcp" {
          address = "127.0.0.1:8201"
          tls_disable = true
        }

        """#)
  }

  @Test func initContainerEndsOnceEverythingIsThere() throws {
    let initAgent = brought(needs { $0.rendering = .once }).initContainers.first
    let text = try configuration(initAgent)
    #expect(
      text.contains("}\nexit_after_auth = true\ntemplate_config {\n  exit_on_retry_failure = true\n}\ntemplate {\n"))
    #expect(try script(initAgent).contains("trap 'exit 143' TERM INT\n"))
  }

  @Test func settingsAndNeedsAreQuotedForWhereTheyStand() throws {
    let needs = needs {
      $0.login = .kubernetes(role: "a \"b\" \\c $(d) ${e} $$")
      $0.files[0].destination = "${x} $(y)"
    }
    let agent = try #require(
      brought(needs) {
        $0.kubernetesAuthPath = "k8s \"east\" ${x}"
        $0.program = "my vault's"
      }.sidecars.first)
    let text = try configuration(agent)
    #expect(text.contains(#"mount_path = "auth/k8s \"east\" \u0024{x}""#))
    #expect(text.contains(#"role = "a \"b\" \\c \u0024(d) \u0024{e} \u0024\u0024""#))
    #expect(text.contains(#"destination = "/opt/talend/secrets/\u0024{x} \u0024(y)""#))
    #expect(try script(agent).contains(#"'my vault'\''s' agent -config=$HOME/agent.hcl &"#))
  }

  /// The line that ends the configuration is none of it.
  @Test(arguments: [
    ("a\nb", "END"), ("a\nEND\nb", "END_"), ("END\nEND_", "END__"), ("BACKEND", "END_"), ("END ", "END"),
  ])
  func hereDocumentEndsBehindTheConfiguration(_ template: String, _ mark: String) throws {
    let needs = needs { $0.files[0] = TalendTemplate(destination: "f", content: template) }
    let agent = try #require(brought(needs).sidecars.first)
    let document = try #require(HereDocument(of: agent))
    #expect(document.mark == mark)
    #expect(document.text.contains("<<TEMPLATE\n\(template)\nTEMPLATE\n"))
    #expect(document.text.hasSuffix("  }\n}\n"))
  }

  // MARK: The scripts

  @Test func agentIsStartedStoppedAndRevoked() throws {
    let script = try script(agent())
    let parts = script.components(separatedBy: "<<'END'\n")
    #expect(
      parts.first == """
        export HOME=/home/vault TMPDIR=/home/vault
        revoke() {
          [ -s ~/token ] || return 0
          VAULT_TOKEN=$(cat ~/token) VAULT_CLIENT_TIMEOUT=5s vault token revoke -self && rm -f ~/token
        }
        trap 'exit 0' TERM INT
        trap 'trap "" TERM INT; kill $! 2>/dev/null; wait; revoke' EXIT
        revoke
        cat >~/agent.hcl \

        """)
    #expect(script.hasSuffix("\nEND\nvault agent -config=$HOME/agent.hcl &\nwait $!"))
  }

  @Test func agentOfAJobEndsWithItsContainer() throws {
    let brought = brought(needs { $0.job = TalendNeeds.Job(container: "main", isStartedAgain: false) })
    #expect(
      try script(brought.sidecars.last).hasSuffix(
        """
        vault agent -config=$HOME/agent.hcl &
        while [ ! -e /opt/talend/tvsi/job-done ]; do
          kill -0 $! 2>/dev/null || { wait $!; exit; }
          sleep 1
        done
        """))
  }

  @Test(arguments: [
    (false, "", "token", #"case $pod in *'"name":"main","state":{"terminated":{"exitCode":'*) break ;; esac"#),
    (
      true, "vault", "api-token",
      #"case $pod in *'"name":"main","state":{"terminated":{"exitCode":'0[,}]*) break ;; esac"#
    ),
  ])
  func babysitterWatchesOneContainer(_ isStartedAgain: Bool, _ audience: String, _ token: String, _ test: String) throws
  {
    let needs = needs { $0.job = TalendNeeds.Job(container: "main", isStartedAgain: isStartedAgain) }
    let script = try script(brought(needs) { $0.tokenAudience = audience }.sidecars.first)
    #expect(script.contains(test))
    #expect(script.contains("$(cat \(token))"))
  }

  @Test func nothingIsLeftForOthersToSubstitute() {
    for renderer in TalendSettings.Renderer.allCases {
      for rendering in [TalendNeeds.Rendering.once, .always] {
        let needs = needs {
          $0.rendering = rendering
          $0.wantsEnvironmentHelper = true
          $0.proxyPort = "8200"
          $0.job = TalendNeeds.Job(container: "main", isStartedAgain: true)
        }
        let brought = brought(needs) { $0.renderer = renderer }
        for text in (brought.initContainers + brought.sidecars + brought.volumes).flatMap(strings) {
          #expect(!text.contains("${") && !text.contains("$$"), "\(text)")
        }
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

  // MARK: Settings of the containers

  @Test func userAndGroupAreLeftOutForClustersThatAssignThem() throws {
    let assigned: Value = [
      "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]], "readOnlyRootFilesystem": true,
      "runAsNonRoot": true, "seccompProfile": ["type": "RuntimeDefault"],
    ]
    let own = try agent()
    #expect(own["securityContext"]?["runAsUser"] == 100)
    #expect(own["securityContext"]?["runAsGroup"] == 1000)
    let other = try agent {
      $0.runAsUser = nil
      $0.runAsGroup = nil
    }
    #expect(other["securityContext"] == assigned)
  }

  @Test func tlsAndNamespaceReachTheAgentsEnvironment() throws {
    let plain = try agent()
    let secured = try agent {
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
    #expect(mounts(secured) == ["secrets", "tvsi-agent", "tvsi-sa-token", "tvsi-vault-ca"])
  }

  @Test func certificateAuthorityIsOneFile() {
    func volume(_ change: (inout TalendSettings) -> Void) -> Value? {
      brought(needs(), change).volumes.first { $0["name"] == "tvsi-vault-ca" }
    }
    let items: Value = [["key": "ca.crt", "path": "ca.crt"]]
    #expect(
      volume { $0.caSecret = "from-secret" }
        == ["name": "tvsi-vault-ca", "secret": ["secretName": "from-secret", "items": items]])
    #expect(
      volume {
        $0.caSecret = "from-secret"
        $0.caConfigMap = "from-map"
      } == ["name": "tvsi-vault-ca", "configMap": ["name": "from-map", "items": items]])
  }

  @Test func emptyResourcesAndPullPoliciesAreLeftOut() throws {
    let container = try agent {
      $0.imagePullPolicy = ""
      $0.agentResources.limitsCPU = ""
    }
    #expect(container["imagePullPolicy"] == nil)
    #expect(
      container["resources"] == [
        "limits": ["memory": "80Mi"], "requests": ["cpu": "160m", "memory": "65Mi"],
      ])
  }

  // MARK: Native sidecars

  private func probe(_ needs: TalendNeeds, _ change: (inout TalendSettings) -> Void = { _ in }) -> [Value?] {
    var needs = needs
    needs.isNative = true
    return brought(needs, change).sidecars.map { $0["startupProbe"]?["exec"]?["command"] }
  }

  @Test func nativeSidecarHasStartedOnceItsFileIsThere() {
    let agent = brought(needs { $0.isNative = true }) { $0.startupSeconds = 60 }.sidecars.first
    #expect(agent?["restartPolicy"] == "Always")
    #expect(
      agent?["startupProbe"] == [
        "exec": ["command": ["test", "-e", "/opt/talend/secrets/secrets.properties"]],
        "failureThreshold": 60, "periodSeconds": 1, "timeoutSeconds": 5,
      ])
    #expect(brought(needs()).sidecars.first?["startupProbe"] == nil)
  }

  @Test func nativeSidecarHasStartedOnceEverythingIsThere() {
    let needs = needs {
      $0.files = ["a b", "c"].map { TalendTemplate(destination: $0, path: "p") }
      $0.proxyPort = "8200"
    }
    let script = """
      for file; do [ -e "$file" ] || exit 1; done
      grep -q ' 0100007F:2008 00000000:0000 0A ' /proc/net/tcp
      """
    #expect(
      probe(needs) == [
        ["sh", "-c", .string(script), "sh", "/opt/talend/secrets/a b", "/opt/talend/secrets/c"]
      ])
  }

  @Test func agentThatRendersNothingHasStartedOnceItHasItsToken() {
    #expect(
      probe(needs()) { $0.renderer = .consulTemplate } == [
        ["test", "-e", "/home/vault/token"], ["test", "-e", "/opt/talend/secrets/secrets.properties"],
      ])
  }
}
