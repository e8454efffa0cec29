package import ManifestText
package import Workloads

/// Rewrites what Bank-Vaults' webhook reads in pods into what another injector has to be asked for the same variables.
///
/// Values such as `vault:secret/data/db#password` stay as they are written: the dialect serves them so, and the
/// manifest keeps most of its text. Where they stay, the webhook is told to leave the pod alone.
package struct BankVaultsConversion: DocumentTransform {
  private let dialect: any AgentDialect
  /// The other dialects that pods may speak.
  private let others: [any Dialect]
  private let scope: InjectionScope
  private var values = BankVaultsValues()

  /// Brings together the dialect that is to be asked, the known kinds, and which objects are meant.
  package init(
    to dialect: any AgentDialect, beside dialects: [any Dialect] = [], kinds: WorkloadKinds = WorkloadKinds(),
    namespace: String? = nil, selection: Selection = .everything
  ) {
    self.dialect = dialect
    others = dialects.filter { $0.name != dialect.name }
    scope = InjectionScope(
      InjectionTerms(dialects: [dialect]), kinds: kinds, namespace: namespace, selection: selection)
  }

  /// True where a document may hold what the webhook reads.
  package func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool {
    scope.mayConcern(range, of: source) || BankVaults.mayReplace(in: source.bytes, range)
  }

  /// The same, knowing of which ConfigMaps and Secrets pods beside them take values.
  package func informed(by input: SourceText) -> BankVaultsConversion {
    var conversion = self
    conversion.values = BankVaultsValues(of: input, in: scope)
    return conversion
  }

  /// What a document without the webhook's text holds.
  package func overview(of document: Document) -> DocumentPlan { scope.overview(of: document) }

  /// Plans a document: the annotations and values that change, and what became of each object.
  ///
  /// An object is refused where a pod would start without something that it has now.
  package func plan(for document: Document) -> DocumentPlan {
    var draft = ConversionDraft(of: document)
    do throws(Diagnostic) {
      var objects: [ObjectPlan] = []
      for object in try ManifestObject.objects(of: document) {
        var plan = ObjectPlan(object, of: document)
        do throws(Diagnostic) {
          plan.outcome = try outcome(for: object, in: document, &draft, &plan.findings)
        } catch {
          plan.outcome = .refused(error)
        }
        objects.append(plan)
      }
      let isRefused = objects.contains { $0.refusal != nil }
      return isRefused || draft.isEmpty
        ? .unchanged(document, objects) : try .converted(document, to: draft.result(), objects)
    } catch {
      return .refused(document, error)
    }
  }

  private func outcome(
    for object: ManifestObject, in document: Document, _ draft: inout ConversionDraft, _ findings: inout [Diagnostic]
  ) throws(Diagnostic) -> ObjectPlan.Outcome {
    guard try scope.includes(object, of: document) else { return .unchanged(.notSelected) }
    let templates = try scope.templates(of: object, in: document)
    guard !templates.isEmpty else {
      if let key = document.scalars(in: object.node, beginningWith: Array(BankVaults.prefix.utf8)).first {
        findings.append(.podlessBankVaults(document.text(of: key), object.kind, at: document.range(of: key)))
      }
      return .unchanged(.notAWorkload)
    }
    var keys: [String] = []
    var reason = InjectionOutcome.Reason.notAsked
    for template in templates {
      let pod = try BankVaultsPod(template, to: dialect.settings.brand)
      if !pod.asks {
        findings += pod.isSkipped ? [] : OtherInjectors.findings(on: try template.annotations().keys())
        continue
      }
      if let other = try other(askedBy: template, in: scope.namespace(of: object)) {
        guard pod.present.isEmpty, other.servesReferences else {
          throw .asksAnother(other.requestKey, at: try template.annotations().value(other.requestKey)?.range)
        }
        reason = .asksAlready
        continue
      }
      switch try dialect.standing(of: template, namespace: scope.namespace(of: object)) {
      case .leftAlone(.alreadyInjected): throw try .injectedAlready(dialect.statusKey, template)
      // What stands in its variables is served then.
      case .asking where pod.present.isEmpty: reason = .asksAlready
      case .leftAlone(.notAsked), .asking:
        keys += try convert(pod, in: scope.namespace(of: object), &draft, &findings)
      case .leftAlone(let other): reason = other
      }
    }
    return keys.isEmpty ? .unchanged(reason) : .converted(keys)
  }

  /// Another dialect that a pod speaks already.
  private func other(askedBy template: PodTemplate, in namespace: String) throws(Diagnostic) -> (any Dialect)? {
    for other in others {
      if case .asking = try other.standing(of: template, namespace: namespace) { return other }
    }
    return nil
  }

  /// Plans one pod; the new keys, without their prefix.
  private func convert(
    _ asking: BankVaultsPod, in namespace: String, _ draft: inout ConversionDraft, _ findings: inout [Diagnostic]
  ) throws(Diagnostic) -> [String] {
    var pod = asking
    try pod.check(beside: values, in: namespace)
    findings += pod.findings
    if let refusal = findings.firstIndex(where: { $0.severity == .error }) { throw findings.remove(at: refusal) }
    let place = pod.variables.first?.range ?? pod[BankVaultsTable.environmentPaths]?.range
    findings.append(.variablesNeedInjection(at: place))
    let succession = BankVaultsSuccession(pod)
    let path = pod.template.annotationsPath
    for old in pod.present where old.key != BankVaults.mutate {
      let new = succession.successors[old.key]
      draft.replace(
        path.appending(BankVaults.prefix + old.key), with: new.map { pod.brand.fullKey($0.key) },
        new?.value == old.value.text ? nil : new?.value)
    }
    for new in succession.additions { draft.set(new.value, at: path.appending(pod.brand.fullKey(new.key))) }
    let mutate = path.appending(BankVaults.prefix + BankVaults.mutate)
    if pod.keepsReferences { draft.set(BankVaults.skip, at: mutate) }
    for variable in pod.variables {
      if case .written(let text) = variable.value { try draft.respell(variable, as: text) }
    }
    return succession.keys
  }
}

/// What is changed of a document that is converted: first what is there, then what is new.
struct ConversionDraft {
  private var revision: Revision
  private var additions: [(path: Path, text: String)] = []

  init(of document: Document) { revision = Revision(of: document) }

  var isEmpty: Bool { revision.isEmpty && additions.isEmpty }

  /// Gives an entry another key and, unless it keeps its own, another value; without a key it is taken out.
  mutating func replace(_ path: Path, with key: String?, _ value: String?) {
    guard let key else { return revision.remove(at: path) }
    revision.rename(at: path, to: key, value: value.map(Value.string))
  }

  /// Gives a variable another value, in the quotes that it has.
  mutating func respell(_ variable: BankVaultsPod.Variable, as text: String) throws(Diagnostic) {
    guard let spelling = revision.document.spelling(of: text, inQuotesOf: variable.node, in: variable.map) else {
      return replace(variable.path, with: "value", text)
    }
    try revision.restore(spelling, in: variable.node, of: variable.map, at: variable.path)
  }

  /// Sets an entry that may be there or not, in a map that may be there or not.
  mutating func set(_ text: String, at path: Path) { additions.append((path, text)) }

  /// The document with all of it.
  /// - Throws: A `Diagnostic` where it cannot be edited.
  func result() throws(Diagnostic) -> Document {
    let revised = revision.isEmpty ? revision.document : try revision.spliced()
    guard !additions.isEmpty else { return revised }
    var edits = Edits(document: revised)
    for addition in additions { try edits.set(.string(addition.text), at: addition.path) }
    return try edits.spliced()
  }
}

extension DocumentPlan {
  /// The plan of a document whose converted objects are those of another.
  static func converted(
    _ document: Document, to result: Document, _ planned: [ObjectPlan]
  ) throws(Diagnostic) -> DocumentPlan {
    let results = try ManifestObject.objects(of: result)
    var objects = planned
    for (index, object) in objects.enumerated() {
      guard case .converted = object.outcome, let before = object.object else { continue }
      objects[index].change = .values(
        at: before.path, from: try document.value(of: before.node), to: try result.value(of: results[index].node))
    }
    return .revised(document, result: result, objects)
  }
}
