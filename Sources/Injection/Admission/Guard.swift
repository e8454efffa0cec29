internal import ManifestText

/// A policy that refuses pods which ask for secrets and have no agent, and what puts it in force.
package struct Guard: Equatable, Sendable {
  /// What becomes of what is refused.
  package enum Action: String, CaseIterable, Sendable {
    /// It is not created.
    case deny
    /// It is created; whoever asked for it is warned, and the audit log tells of it.
    case warn
    /// It is created, and the audit log tells of it.
    case audit

    var validationActions: [String] {
      switch self {
      case .deny: ["Deny"]
      case .warn: ["Warn", "Audit"]
      case .audit: ["Audit"]
      }
    }
  }

  package static let usualName = "vault-inject-guard"
  /// The version of Kubernetes from which on there are such policies.
  package static let firstVersion = "1.30"

  /// What the policy is called, and what its bindings begin with.
  package let name: String
  /// One for each dialect it is about.
  package let facts: [GuardFacts]
  package let images: [AgentImage]
  package let action: Action
  /// True where pod templates are judged, too.
  package let coversWorkloads: Bool
  package let exempt: ExemptNamespaces

  /// A guard for some dialects; images that are allowed besides come after those of the dialects.
  package init(
    name: String, facts: [GuardFacts], allowing images: [AgentImage], action: Action, coversWorkloads: Bool,
    exempt: ExemptNamespaces
  ) {
    self.name = name
    self.facts = facts
    self.images = (facts.flatMap(\.images) + images).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    self.action = action
    self.coversWorkloads = coversWorkloads
    self.exempt = exempt
  }

  var rules: [GuardRule] { GuardRule.all(facts, images: images) }

  /// The policy, and its binding or bindings.
  package var documents: [AdmissionDocument] {
    [policy, binding("pods", [.newPods], comments: bindingComments)]
      + (coversWorkloads ? [binding("workloads", GuardedWorkloads.rules, comments: workloadComments)] : [])
  }

  // MARK: The policy

  private var policy: AdmissionDocument {
    let rules = rules
    let spec: Value = [
      "failurePolicy": "Fail",
      "matchConstraints": [
        "resourceRules": .array(([.newPods] + (coversWorkloads ? GuardedWorkloads.rules : [])).map(\.value))
      ],
      "matchConditions": .array(conditions.map(\.value)),
      "variables": .array(variables.map(\.value)),
      "validations": .array(rules.map(validation)),
      "auditAnnotations": [
        [
          "key": "without-agent",
          "valueExpression": .string("variables.agents.size() == 0 ? \(sentence([.requestKey, ": ", .request])) : ''"),
        ]
      ],
    ]
    var comments = [AdmissionDocument.Comment(Path(), head)]
    if facts.contains(where: { $0.address == nil }), let image = rules.firstIndex(where: \.isAboutImages) {
      let place = Path([.key("spec"), .key("validations"), .index(image)])
      comments.append(AdmissionDocument.Comment(place, noAddress))
    }
    return AdmissionDocument(
      AdmissionObjects.object(kind: "ValidatingAdmissionPolicy", name: name, spec: spec), comments: comments)
  }

  private var head: [String] {
    let objects = coversWorkloads ? "Pods, and objects with pod templates," : "Pods"
    return [
      "\(objects) that ask for secrets from Vault and have no Vault agent are refused, with a sentence",
      "that says what to do. What is there already can be scaled, labelled, debugged and deleted.",
      "Needs Kubernetes \(Guard.firstVersion) or later. Made by kubectl vault-inject guard; guard --check compares it.",
    ]
  }

  private var noAddress: [String] {
    let whose = facts.filter { $0.address == nil }.map(\.injector).inSentence
    return [
      "Which Vault the agents of \(whose) ask is not judged, as no setting says it that counts",
      "for them: vault.address in the configuration, or --vault-addr.",
    ]
  }

  private func validation(of rule: GuardRule) -> Value {
    [
      "expression": .string("variables.fault != \(CELText.string(rule.name))"), "message": .string(rule.summary),
      "messageExpression": .string(sentence(rule.sentence)), "reason": "Forbidden",
    ]
  }

  // MARK: The bindings

  private func binding(_ suffix: String, _ rules: [AdmissionRule], comments: [String]) -> AdmissionDocument {
    AdmissionDocument(
      AdmissionObjects.binding(
        kind: "ValidatingAdmissionPolicyBinding", name: "\(name)-\(suffix)", policy: name,
        actions: action.validationActions, rules: rules, exempt: exempt),
      comments: comments.isEmpty ? [] : [AdmissionDocument.Comment(Path(), comments)])
  }

  private var bindingComments: [String] {
    exempt.labels.first.map { ["Whoever may label a namespace can exempt it: kubectl label namespace NAME \($0.text)"] }
      ?? []
  }

  private var workloadComments: [String] {
    ["Only where no webhook injects: a webhook injects pods, and never the templates they are made of."]
  }
}

extension GuardRule {
  fileprivate var isAboutImages: Bool { if case .otherImage = self { true } else { false } }
}
