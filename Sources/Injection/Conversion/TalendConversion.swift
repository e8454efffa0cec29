package import ManifestText
package import Workloads

/// Rewrites what pods ask of Talend's injector into what another would have to be asked for the same files.
package struct TalendConversion: DocumentTransform {
  /// The injectors whose annotations it writes.
  package enum Target: Sendable {
    case hashicorp
    /// OpenBao's, of which HashiCorp's own dialect is another that pods may speak.
    case openbao(from: HashiCorpDialect)
  }

  private let dialect: TalendDialect
  private let target: Target
  private let scope: InjectionScope

  /// Brings together the dialects as they are configured, the known kinds, and which objects are meant.
  package init(
    from dialect: TalendDialect, to target: Target = .hashicorp, kinds: WorkloadKinds = WorkloadKinds(),
    namespace: String? = nil,
    selection: Selection = .everything
  ) {
    (self.dialect, self.target) = (dialect, target)
    scope = InjectionScope(
      InjectionTerms(dialects: [dialect] + target.dialects), kinds: kinds, namespace: namespace, selection: selection)
  }

  /// True where a document may ask for Talend's injection.
  package func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool { scope.mayConcern(range, of: source) }

  /// Plans a document: the annotations that change, and what became of each object.
  ///
  /// An object is refused where the other injector has nothing for what it asks.
  package func plan(for document: Document) -> DocumentPlan {
    var revision = Revision(of: document)
    do throws(Diagnostic) {
      var objects: [ObjectPlan] = []
      for object in try ManifestObject.objects(of: document) {
        objects.append(plan(object, in: document, &revision))
      }
      let isRefused = objects.contains { $0.refusal != nil }
      if isRefused || revision.isEmpty { return .unchanged(document, objects) }
      return try .converted(document, to: revision.spliced(), objects)
    } catch {
      return .refused(document, error)
    }
  }

  /// What a document without the annotations' text holds: nothing of it changes, and nothing is refused.
  package func overview(of document: Document) -> DocumentPlan { scope.overview(of: document) }

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
      case .leftAlone(let other):
        guard case .openbao(let hashicorp) = target else {
          reason = other
          continue
        }
        let renaming = Renaming(from: hashicorp, to: .openBao)
        keys += try renaming.rename(template, in: scope.namespace(of: object), &revision, &findings, &reason)
      }
    }
    return keys.isEmpty ? .unchanged(reason) : .converted(keys)
  }

  /// Plans one pod; the new keys, without their prefix.
  private func convert(
    _ template: PodTemplate, _ revision: inout Revision, _ findings: inout [Diagnostic]
  ) throws(Diagnostic) -> [String] {
    let request = try ConvertiblePod(template, dialect, to: target.brand)
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
      revision.rename(at: place, to: target.brand.fullKey(new.key), value: isSame ? nil : .string(new.value))
    }
    for new in converted.additions {
      revision.add(.string(new.value), at: path.appending(target.brand.fullKey(new.key)))
    }
    return converted.keys
  }
}

extension TalendConversion.Target {
  /// The injector whose annotations are written.
  fileprivate var brand: AgentBrand {
    switch self {
    case .hashicorp: .hashiCorp
    case .openbao: .openBao
    }
  }

  /// The dialects beside Talend's whose annotations are read.
  fileprivate var dialects: [any Dialect] {
    switch self {
    case .hashicorp: []
    case .openbao(let hashicorp): [hashicorp]
    }
  }
}

/// Gives the annotations of pods the prefix of another injector of the same family.
private struct Renaming {
  private let dialect: HashiCorpDialect
  private let brand: AgentBrand

  init(from dialect: HashiCorpDialect, to brand: AgentBrand) { (self.dialect, self.brand) = (dialect, brand) }

  /// Plans one pod; the new keys, without their prefix, and none where the pod does not ask.
  func rename(
    _ template: PodTemplate, in namespace: String, _ revision: inout Revision, _ findings: inout [Diagnostic],
    _ reason: inout InjectionOutcome.Reason
  ) throws(Diagnostic) -> [String] {
    switch try dialect.standing(of: template, namespace: namespace) {
    case .asking: break
    case .leftAlone(.alreadyInjected): throw try .injectedAlready(dialect.statusKey, template)
    case .leftAlone(let other):
      reason = other
      return []
    }
    let annotations = try template.annotations()
    let (written, path) = (Set(exactly: annotations.keys().map(\.key)), template.annotationsPath)
    let all = try annotations.allKeys()
    var keys: [String] = []
    for old in try annotations.all(withPrefix: dialect.annotations.fullKey("")) {
      guard let row = dialect.annotations.row(old.key) else { continue }
      let (key, new) = (dialect.annotations.fullKey(old.key), brand.fullKey(old.key))
      guard written.contains(key) else { throw .mergedAnnotation(key, at: old.keyRange) }
      if all.contains(new) { throw .takenAnnotation(new, at: old.keyRange) }
      if brand.missing.contains(row) {
        findings.append(.unknownToOther(key, brand, at: old.keyRange))
        revision.remove(at: path.appending(key))
        continue
      }
      if let word = names.first(where: { ByteText.holds(old.value.text, $0) }) {
        findings.append(.namesOtherParts(key, word, brand, at: old.value.range))
      }
      revision.rename(at: path.appending(key), to: new)
      keys.append(old.key)
    }
    return keys
  }

  /// What annotations may say of the agents that is called otherwise then.
  private var names: [String] {
    let old = dialect.settings.brand
    return [old.home, old.sidecar, old.secretsVolume, old.configMapVolume, old.tlsVolume]
  }
}

extension Diagnostic {
  fileprivate static func unknownToOther(_ key: String, _ brand: AgentBrand, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .convertedDifferently,
      message: "`\(key)` is left out: \(brand.words.injector) has no such annotation, and its agents their own default",
      range: range)
  }

  fileprivate static func namesOtherParts(
    _ key: String, _ word: String, _ brand: AgentBrand, at range: Range<Int>
  ) -> Diagnostic {
    Diagnostic(
      rule: .convertedDifferently,
      message: "`\(key)` says `\(word)`, and what \(brand.words.injector) injects is called otherwise",
      hint: "its agents are \(brand.initContainer) and \(brand.sidecar), at home in \(brand.home)", range: range)
  }
}
