package import ManifestText

/// Talend's injection done by the API server: a policy that injects pods as they are created, and a companion that
/// refuses those it does not serve.
package struct TalendPolicy {
  /// The dialect that it is about.
  package static let dialect = TalendSettings.dialect
  package static let usualName = "vault-inject-talend"
  /// The version of Kubernetes from which on there are such policies.
  package static let firstVersion = "1.36"

  private let name: String
  private let exempt: ExemptNamespaces
  private let settings: TalendSettings
  private let dialect: TalendDialect
  private let terms: TalendTerms
  private let conditions: TalendConditions

  /// The policy of the dialect with these settings.
  /// - Throws: A `Diagnostic` where no policy can do what they ask for, or no pod could be injected.
  package init(
    name: String, _ settings: TalendSettings, exempt: ExemptNamespaces, _ findings: FindingPolicy = FindingPolicy()
  ) throws(Diagnostic) {
    if settings.renderer == .consulTemplate { throw .policyWithConsulTemplate }
    if settings.vaultAddress.isEmpty { throw .noVaultAddress(range: nil) }
    self.name = name
    self.exempt = exempt
    self.settings = settings
    dialect = TalendDialect(settings, DialectOptions(isExact: false))
    var terms = TalendTerms(dialect)
    let agents = TalendAgents(settings)
    if let refusal = findings.verdict(on: agents.findings).refusal { throw refusal }
    try agents.add(to: &terms)
    TalendPatch.addFacts(to: &terms, settings)
    self.terms = terms
    conditions = TalendConditions(dialect, settings, findings)
  }

  /// The objects to apply.
  package var documents: [AdmissionDocument] {
    [
      injection, binding("MutatingAdmissionPolicyBinding"), companion,
      binding("ValidatingAdmissionPolicyBinding", ["Deny"]),
    ]
  }

  // MARK: Objects

  private var injection: AdmissionDocument {
    let patch = TalendPatch(dialect, settings).expression
    let served = conditions.all.map { CELText.isSimple($0.holds) ? $0.holds : "(\($0.holds))" }
    let spec: Value = [
      "failurePolicy": "Fail",
      "reinvocationPolicy": "Never",
      "matchConstraints": constraints,
      "matchConditions": .array(
        (asks + [NamedExpression("served", terms.variables.bound(served.joined(separator: " &&\n")))]).map(\.value)),
      "variables": .array(terms.variables.used(by: [patch]).map(\.value)),
      "mutations": [["patchType": "JSONPatch", "jsonPatch": ["expression": .string(patch)]]],
    ]
    return AdmissionDocument(
      AdmissionObjects.object(kind: "MutatingAdmissionPolicy", name: name, spec: spec),
      comments: [
        AdmissionDocument.Comment(
          Path(),
          [
            "Injects Vault's agent into pods with the annotation \(dialect.requestKey) when they are created.",
            "Needs Kubernetes \(TalendPolicy.firstVersion) or later. Made by kubectl vault-inject admission-policy of the",
            "settings in force: print it again where they change.",
          ]),
        comment(
          "matchConditions", ["What is not served is left as it is, and refused by the policy of validations below."]),
        comment("variables", ["What a pod asks, and what it gets; each is told by those before it."]),
        comment("mutations", ["The pod's own containers are changed before others come in front of them."]),
      ])
  }

  private var companion: AdmissionDocument {
    let validations = conditions.all.map(validation)
    let texts = conditions.all.flatMap { [$0.holds, $0.sentence.expression()] }
    let spec: Value = [
      "failurePolicy": "Fail",
      "matchConstraints": constraints,
      "matchConditions": .array(asks.map(\.value)),
      "variables": .array(terms.variables.used(by: texts).map(\.value)),
      "validations": .array(validations),
    ]
    return AdmissionDocument(
      AdmissionObjects.object(kind: "ValidatingAdmissionPolicy", name: name, spec: spec),
      comments: [
        AdmissionDocument.Comment(
          Path(), ["Refuses pods with the annotation that the policy above does not inject, and says what to do."])
      ])
  }

  private func comment(_ field: String, _ lines: [String]) -> AdmissionDocument.Comment {
    AdmissionDocument.Comment(Path([.key("spec"), .key(field)]), lines)
  }

  private func validation(_ condition: TalendConditions.Condition) -> Value {
    var validation: Value = ["expression": .string(condition.holds)]
    if case .text(let parts) = condition.sentence, parts.count == 1, case .fixed(let text) = parts[0] {
      validation["message"] = .string(text)
    } else {
      validation["messageExpression"] = .string(condition.sentence.expression())
    }
    validation["reason"] = "Forbidden"
    return validation
  }

  private func binding(_ kind: String, _ actions: [String]? = nil) -> AdmissionDocument {
    var document = AdmissionDocument(
      AdmissionObjects.binding(kind: kind, name: name, policy: name, actions: actions, exempt: exempt))
    if let label = exempt.labels.first {
      document.comments.append(
        comment("matchResources", ["Leaves a namespace alone: kubectl label namespace NAME \(label.text)"]))
    }
    return document
  }

  private var constraints: Value { ["resourceRules": [AdmissionRule.newPods.value]] }

  /// What makes a pod one that is to be injected, or refused.
  private var asks: [NamedExpression] {
    func annotation(_ key: String) -> String {
      "object.metadata.?annotations.orValue({})[?\(CELText.string(key))].orValue('').lowerAscii()"
    }
    return [
      NamedExpression("asks", "\(annotation(dialect.requestKey)) in \(CELText.list(TalendTable.yesWords))"),
      NamedExpression(
        "not-injected", "\(annotation(dialect.statusKey)) != \(CELText.string(TalendTable.injected))"),
      NamedExpression(
        "no-mirror-pod", "!('kubernetes.io/config.mirror' in object.metadata.?annotations.orValue({}))"),
    ]
  }
}

extension Diagnostic {
  fileprivate static var policyWithConsulTemplate: Diagnostic {
    Diagnostic(
      rule: .invalidSetting, message: "a policy cannot inject Consul Template, which `renderer` asks for",
      hint: "set renderer to \(TalendSettings.Renderer.agent.rawValue): the agent renders the same templates")
  }
}
