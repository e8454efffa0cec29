public import ManifestText
public import Workloads

/// Rewrites what pods ask of Talend's injector into what HashiCorp's would have to be asked for the same files.
public struct TalendConversion: DocumentTransform {
  private let dialect: TalendDialect
  private let scope: InjectionScope

  /// Brings together Talend's dialect as it is configured, the known kinds, and which objects are meant.
  public init(
    from dialect: TalendDialect, kinds: WorkloadKinds = WorkloadKinds(), namespace: String? = nil,
    selection: Selection = .everything
  ) {
    self.dialect = dialect
    scope = InjectionScope(
      InjectionTerms(dialects: [dialect]), kinds: kinds, namespace: namespace, selection: selection)
  }

  /// True where a document may ask for Talend's injection.
  public func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool { scope.mayConcern(range, of: source) }

  /// Plans a document: the annotations that change, and what became of each object.
  ///
  /// An object is refused where HashiCorp's injector has nothing for what it asks.
  public func plan(for document: Document) -> DocumentPlan {
    var revision = Revision(of: document)
    do throws(Diagnostic) {
      var objects: [ObjectPlan] = []
      for object in try ManifestObject.objects(of: document) {
        objects.append(plan(object, in: document, &revision))
      }
      let isRefused = objects.contains { $0.refusal != nil }
      return isRefused || revision.isEmpty ? .unchanged(document, objects) : try finished(objects, revision)
    } catch {
      return .refused(document, error)
    }
  }

  /// What a document without the annotations' text holds: nothing of it changes, and nothing is refused.
  public func overview(of document: Document) -> DocumentPlan { scope.overview(of: document) }

  private func plan(_ object: ManifestObject, in document: Document, _ revision: inout Revision) -> ObjectPlan {
    var plan = ObjectPlan(object, of: document)
    do throws(Diagnostic) {
      plan.outcome = try outcome(for: object, in: document, &revision, &plan.findings)
    } catch {
      plan.outcome = .refused(error)
    }
    return plan
  }

  private func outcome(
    for object: ManifestObject, in document: Document, _ revision: inout Revision, _ findings: inout [Diagnostic]
  ) throws(Diagnostic) -> ObjectPlan.Outcome {
    guard try scope.includes(object, of: document) else { return .unchanged(.notSelected) }
    let templates = try scope.templates(of: object, in: document)
    guard !templates.isEmpty else { return .unchanged(.notAWorkload) }
    findings += try scope.review.findings(on: object, templates, in: document)
    var keys: [String] = []
    var reason = InjectionOutcome.Reason.notAsked
    for template in templates {
      switch try dialect.standing(of: template, namespace: scope.namespace(of: object)) {
      case .asking: keys += try convert(template, &revision, &findings)
      case .leftAlone(.alreadyInjected): throw try .injectedAlready(dialect.statusKey, template)
      case .leftAlone(let other): reason = other
      }
    }
    return keys.isEmpty ? .unchanged(reason) : .converted(keys)
  }

  /// Plans one pod; the new keys, without their prefix.
  private func convert(
    _ template: PodTemplate, _ revision: inout Revision, _ findings: inout [Diagnostic]
  ) throws(Diagnostic) -> [String] {
    let request = try ConvertiblePod(template, dialect)
    findings += request.findings
    if let refusal = findings.lastIndex(where: { $0.severity == .error }) { throw findings.remove(at: refusal) }
    let converted = ConvertedAnnotations(request)
    let path = template.annotationsPath
    for old in request.present {
      let place = path.appending(dialect.annotations.fullKey(old.key))
      guard let new = converted.successors[old.key] else {
        revision.remove(at: place)
        continue
      }
      let isSame = new.value == old.value.text
      revision.rename(at: place, to: AgentBrand.hashiCorp.fullKey(new.key), value: isSame ? nil : .string(new.value))
    }
    for new in converted.additions {
      revision.add(.string(new.value), at: path.appending(AgentBrand.hashiCorp.fullKey(new.key)))
    }
    return converted.keys
  }

  private func finished(_ planned: [ObjectPlan], _ revision: Revision) throws(Diagnostic) -> DocumentPlan {
    let document = revision.document
    let result = try revision.spliced()
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
