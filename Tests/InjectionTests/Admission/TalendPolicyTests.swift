import ManifestText
import TestSupport
import Testing

@testable import Injection

/// The policy that injects Talend's dialect: what it is made of, whatever the settings.
@Suite struct TalendPolicyTests {
  private func text(
    _ findings: FindingPolicy = FindingPolicy(), _ change: (inout TalendSettings) -> Void = { _ in }
  ) throws -> String {
    var settings = TalendSettings()
    change(&settings)
    let policy = try TalendPolicy(name: "p", settings, exempt: ExemptNamespaces(labels: []), findings)
    return AdmissionText.text(of: policy.documents)
  }

  private func refusal(_ change: (inout TalendSettings) -> Void) -> String? {
    do {
      _ = try text(FindingPolicy(), change)
      return nil
    } catch {
      return (error as? Diagnostic)?.message
    }
  }

  /// It is held against the code that injects while it is made, for pods of every kind; so nothing may end the program.
  @Test func everySettingGivesOne() throws {
    var random = SeededGenerator(seed: 16)
    for _ in 0..<60 {
      let text = try text { settings in
        if random.oneIn(2) { settings.kubernetesAuthPath = random.pick(["a/b", "quo\"te", "$$", "END"]) }
        if random.oneIn(2) { settings.program = random.pick(["bao", "/opt/BACKEND/vault", "it's"]) }
        if random.oneIn(2) { settings.renderInterval = random.pick(["1m", "api_proxy"]) }
        if random.oneIn(2) { settings.filePermissions = "0600" }
        if random.oneIn(2) { settings.logFormat = random.pick(["standard", "json"]) }
        if random.oneIn(2) { settings.logLevel = "debug" }
        if random.oneIn(2) { settings.caSecret = random.pick(["ca", "54321"]) }
        if random.oneIn(2) { settings.vaultNamespace = random.pick(["n", "D431"]) }
        if random.oneIn(2) { settings.vaultAddress = "https://v:54321" }
        if random.oneIn(2) { settings.tokenAudience = "vault" }
        if random.oneIn(2) { settings.imagePullSecrets = ["a", "b"] }
        if random.oneIn(2) { settings.imagePullPolicy = "" }
        if random.oneIn(2) { (settings.runAsUser, settings.runAsGroup) = (nil, nil) }
        if random.oneIn(2) { settings.annotationPrefix = random.pick(["", "x~y.example.com"]) }
        if random.oneIn(2) { settings.sidecars = random.pick([.native, .container, .auto]) }
        if random.oneIn(2) { settings.agentResources.limitsCPU = "" }
      }
      #expect(!ByteText.holds(text, "VAULTINJECT"))
    }
  }

  @Test func settingsThatNoPolicyServes() {
    #expect(
      refusal { $0.renderer = .consulTemplate } == "a policy cannot inject Consul Template, which `renderer` asks for")
    #expect(
      refusal { $0.vaultAddress = "" } == "`vault.address` is empty, and the agents need to know where Vault is")
    #expect(
      refusal { $0.agentResources.requestsCPU = "2" }
        == "`tvsi-vault-agent-init` asks for 2 of cpu, and may take 200m at most")
    #expect(refusal { $0.image = "" } == nil)
  }

  /// A policy that would inject otherwise than this program is never printed.
  @Test func differencesAreFound() {
    let agents = TalendAgents(TalendSettings())
    #expect(throws: Never.self) { try agents.check(TalendAgents.Trees(agents)) }
    for change in [\TalendSettings.filePermissions, \.program, \.agentVolumeSize, \.caConfigMap, \.vaultNamespace] {
      var others = TalendSettings()
      others[keyPath: change] = "2"
      let error = #expect(throws: Diagnostic.self) { try agents.check(TalendAgents.Trees(TalendAgents(others))) }
      #expect(error?.message == "with these settings a policy would not inject what this program does")
    }
  }

  /// What is ignored here is not refused there.
  @Test func rulesThatAreIgnoredRefuseNothing() throws {
    let words = ["names no mode that exists", " never runs; "]
    let (all, less) = (try text(), try text(FindingPolicy(ignoring: ["no-mode", "surplus-commands"])))
    for word in words {
      #expect(ByteText.holds(all, word))
      #expect(!ByteText.holds(less, word))
    }
    #expect(ByteText.holds(less, "Submitted pod must contain label"))
  }

  /// Each condition of the one policy is a validation of the other.
  @Test func whatIsNotServedIsRefused() throws {
    let policy = try TalendPolicy(name: "p", TalendSettings(), exempt: ExemptNamespaces(labels: []))
    let values = policy.documents.map(\.value)
    let served = try #require(values[0]["spec"]?["matchConditions"]?.array?.last?["expression"]?.string)
    let validations = try #require(values[2]["spec"]?["validations"]?.array)
    #expect(validations.count > 25)
    for validation in validations {
      let holds = try #require(validation["expression"]?.string)
      let bound = ByteText.pieces(of: holds, around: "variables.").joined()
      #expect(ByteText.holds(served, bound), "\(holds)")
      #expect((validation["message"] == nil) != (validation["messageExpression"] == nil))
    }
    let asks = values.map { $0["spec"]?["matchConditions"]?.array?.prefix(3).map { $0["expression"] } }
    #expect(asks[0] == asks[2])
  }

  // MARK: Quoting

  /// A text with what means something to HCL, to Kubernetes or to templates; without what no policy serves.
  private func text(_ random: inout SeededGenerator, _ pieces: [String]) -> String {
    (0..<Int.random(in: 0...9, using: &random)).map { _ in random.pick(pieces) }.joined()
  }

  private func replaced(_ text: String, _ replacements: [(String, String)]) -> String {
    replacements.reduce(text) { ByteText.pieces(of: $0, around: $1.0).joined(separator: $1.1) }
  }

  @Test func textsAreQuotedAsInTheManifest() {
    var random = SeededGenerator(seed: 1)
    let pieces = ["$", "$$", "${", "$(", "{", "(", "\\", "\"", "\n", "\t", "\r", "a", "é", "\\u0024", "\u{2028}", "'"]
    for _ in 0..<5000 {
      let text = text(&random, pieces)
      #expect(replaced(text, TalendQuoting.hclReplacements) == HCLText.escaped(text), "\(text.debugDescription)")
    }
  }

  @Test func pathsAreQuotedAsInTheTemplate() {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<500 {
      let text = text(&random, ["\\", "\"", "$", "a", "/", "'", "`", "é"])
      #expect(replaced(text, TalendQuoting.templateReplacements) == GoTemplateText.escaped(text))
    }
  }
}
