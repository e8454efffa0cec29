public import ManifestText
public import Workloads

/// Rewrites what pods ask of Talend's injector into what HashiCorp's would have to be asked for the same files.
public struct TalendConversion: DocumentTransform {
  private let dialect: TalendDialect
  private let injector: Injector

  /// Brings together Talend's dialect as it is configured, the known kinds, and which objects are meant.
  public init(
    from dialect: TalendDialect, kinds: WorkloadKinds = WorkloadKinds(), namespace: String? = nil,
    selection: Selection = .everything
  ) {
    self.dialect = dialect
    injector = Injector(dialects: [dialect], kinds: kinds, namespace: namespace, selection: selection)
  }

  /// True where a document may ask for Talend's injection.
  public func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool {
    injector.mayConcern(range, of: source)
  }

  /// Plans a document: the annotations that change, and what became of each object.
  ///
  /// An object is refused where HashiCorp's injector has nothing for what it asks.
  public func plan(for document: Document) -> DocumentPlan {
    var rewrite = Rewrite(document: document)
    do throws(Diagnostic) {
      var objects: [ObjectPlan] = []
      for object in try ManifestObject.objects(of: document) {
        objects.append(plan(object, in: document, &rewrite))
      }
      let plan = DocumentPlan(edits: Edits(document: document), objects: objects)
      return plan.refusals.isEmpty && !rewrite.isEmpty ? try finished(plan, rewrite) : plan
    } catch {
      let refusal = ObjectPlan(object: nil, offset: nil, outcome: .refused(error))
      return DocumentPlan(edits: Edits(document: document), objects: [refusal])
    }
  }

  /// What a document without the annotations' text holds: nothing of it changes, and nothing is refused.
  public func overview(of document: Document) -> DocumentPlan { injector.overview(of: document) }

  private func plan(_ object: ManifestObject, in document: Document, _ rewrite: inout Rewrite) -> ObjectPlan {
    var plan = ObjectPlan(object, of: document)
    do throws(Diagnostic) {
      plan.outcome = try outcome(for: object, in: document, &rewrite, &plan.findings)
    } catch {
      plan.outcome = .refused(error)
    }
    return plan
  }

  private func outcome(
    for object: ManifestObject, in document: Document, _ rewrite: inout Rewrite, _ findings: inout [Diagnostic]
  ) throws(Diagnostic) -> ObjectPlan.Outcome {
    guard try injector.selection.includes(object, of: document) else { return .unchanged(.notSelected) }
    let templates = try PodTemplate.templates(of: object, in: document, kinds: injector.kinds)
    guard !templates.isEmpty else { return .unchanged(.notAWorkload) }
    findings += try injector.review.findings(on: object, templates, in: document)
    var keys: [String] = []
    var reason = InjectionOutcome.Reason.notAsked
    for template in templates {
      switch try dialect.standing(of: template, namespace: object.namespace ?? injector.namespace ?? "default") {
      case .asking: keys += try convert(template, &rewrite, &findings)
      case .leftAlone(.alreadyInjected): throw try .injectedAlready(dialect.statusKey, template)
      case .leftAlone(let other): reason = other
      }
    }
    return keys.isEmpty ? .unchanged(reason) : .converted(keys)
  }

  /// Plans one pod; the new keys, without their prefix.
  private func convert(
    _ template: PodTemplate, _ rewrite: inout Rewrite, _ findings: inout [Diagnostic]
  ) throws(Diagnostic) -> [String] {
    let request = try ConvertiblePod(template, dialect)
    findings += request.findings
    if let refusal = findings.lastIndex(where: { $0.severity == .error }) { throw findings.remove(at: refusal) }
    let converted = ConvertedAnnotations(request)
    let path = template.annotationsPath
    for old in request.present {
      let place = path.appending(dialect.annotations.fullKey(old.key))
      guard let new = converted.successors[old.key] else {
        rewrite.remove(entryAt: place)
        continue
      }
      let isSame = new.value == old.value.text
      rewrite.replace(entryAt: place, by: HashiCorpDialect.fullKey(new.key), value: isSame ? nil : .string(new.value))
    }
    for new in converted.additions {
      rewrite.add(.string(new.value), at: path.appending(HashiCorpDialect.fullKey(new.key)))
    }
    return converted.keys
  }

  private func finished(_ plan: DocumentPlan, _ rewrite: Rewrite) throws(Diagnostic) -> DocumentPlan {
    let document = rewrite.document
    let result = try rewrite.spliced()
    let results = try ManifestObject.objects(of: result)
    var objects = plan.objects
    for (index, object) in objects.enumerated() {
      guard case .converted = object.outcome, let before = object.object else { continue }
      objects[index].difference = ObjectPlan.Difference(
        path: before.path, before: try document.value(of: before.node), after: try result.value(of: results[index].node)
      )
    }
    return DocumentPlan(document, finished: result, edits: Edits(document: result), objects: objects)
  }
}

extension HashiCorpDialect {
  /// The full key of an annotation.
  static func fullKey(_ key: String) -> String { "\(prefix)/\(key)" }
}
