package import ManifestText
package import Workloads

/// Writes the annotations by which pods ask for secrets, and sees to it that they can be injected then.
package struct Annotator: DocumentTransform {
  /// What is known of an input before its documents are planned.
  private struct InputFacts {
    /// The objects that make pods and are meant, as people name them.
    var workloads: [String] = []
    /// The dialects whose annotations stand in it.
    var dialects: [String] = []
  }

  private let request: SecretRequest
  private let dialects: [any AnnotatableDialect]
  /// The dialect of pods that ask for nothing; nil where the input tells.
  private let dialect: String?
  /// The dialect of other manifests, where neither that nor the input tells; nil where they do not.
  private let neighbours: String?
  private let scope: InjectionScope
  private var injector: Injector
  private var reader: AccessReader
  /// True where nothing says which of several pods is meant.
  private let takesOnlyOne: Bool
  private var facts = InputFacts()

  /// Makes pods ask for what is requested; of the dialects the last is that of pods of which nothing tells another.
  package init(
    _ request: SecretRequest, in dialects: [any AnnotatableDialect], preferring dialect: String?,
    beside neighbours: String?,
    injector: Injector, reader: AccessReader, kinds: WorkloadKinds, namespace: String?, selection: Selection
  ) {
    (self.request, self.dialects, self.dialect, self.neighbours) = (request, dialects, dialect, neighbours)
    (self.injector, self.reader) = (injector, reader)
    scope = InjectionScope(
      InjectionTerms(dialects: dialects), kinds: kinds, namespace: namespace, selection: selection)
    takesOnlyOne = !selection.isNarrow
  }

  /// True for every document: what asks for nothing is to ask.
  package func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool { true }

  /// The same, knowing which pods there are.
  package func informed(by input: SourceText) -> Annotator {
    var annotator = self
    annotator.injector = injector.informed(by: input)
    annotator.reader = reader.informed(by: input)
    annotator.facts = facts(of: input)
    return annotator
  }

  /// What a document without the annotations' text holds.
  package func overview(of document: Document) -> DocumentPlan { plan(for: document) }

  /// Plans a document: the annotations that are added or changed, and what became of each object.
  package func plan(for document: Document) -> DocumentPlan {
    do throws(Diagnostic) {
      var draft = AnnotationDraft(of: document, request)
      var objects: [ObjectPlan] = []
      for object in try ManifestObject.objects(of: document) {
        var plan = ObjectPlan(object, of: document)
        do throws(Diagnostic) {
          plan.outcome = try outcome(for: object, in: document, &draft)
        } catch {
          plan.outcome = .refused(error)
        }
        objects.append(plan)
      }
      if draft.isEmpty || objects.contains(where: { $0.refusal != nil }) { return .unchanged(document, objects) }
      return try finished(objects, document, draft)
    } catch {
      return .refused(document, error)
    }
  }

  // MARK: One object

  private func outcome(
    for object: ManifestObject, in document: Document, _ draft: inout AnnotationDraft
  ) throws(Diagnostic) -> ObjectPlan.Outcome {
    guard try scope.includes(object, of: document) else { return .unchanged(.notSelected) }
    let templates = try scope.templates(of: object, in: document)
    let place = document.range(of: object.node)
    guard !templates.isEmpty else {
      if takesOnlyOne, facts.workloads.isEmpty { throw .makesNoPod(object.displayName, at: place.lowerBound) }
      return .unchanged(.notAWorkload)
    }
    if takesOnlyOne, facts.workloads.count > 1 { throw .severalPods(facts.workloads, at: place.lowerBound) }
    var keys: [String] = []
    for template in templates { keys += try annotate(template, &draft) }
    return keys.isEmpty ? .unchanged(.asksAlready) : .annotated(keys)
  }

  /// Plans one pod; the keys that are new or changed, without their prefix.
  private func annotate(_ template: PodTemplate, _ draft: inout AnnotationDraft) throws(Diagnostic) -> [String] {
    let dialect = try dialect(for: template)
    let wanted = try dialect.wanted(request, by: template)
    let keys = try draft.add(wanted, to: template)
    return keys.map { String($0.dropFirst(dialect.annotations.fullKey("").count)) }
  }

  /// The dialect that a pod speaks or is to speak.
  private func dialect(for template: PodTemplate) throws(Diagnostic) -> any AnnotatableDialect {
    let annotations = try template.annotations()
    for spoken in dialects {
      let present = try annotations.all(withPrefix: spoken.annotations.fullKey("")).filter {
        spoken.annotations.row($0.key) != nil
      }
      guard let first = present.first else { continue }
      if let dialect, dialect != spoken.name {
        // Another's annotations may count as its own.
        if let asked = dialects.first(where: { $0.name == dialect }), asked.formerPrefix == spoken.annotationPrefix {
          return asked
        }
        throw .speaksAnother(spoken.name, present.map { spoken.annotations.fullKey($0.key) }, at: first.keyRange)
      }
      return spoken
    }
    // HashiCorp's is the one that is maintained, and that works with the webhook of Vault's own chart.
    let others = facts.dialects.isEmpty ? neighbours : facts.dialects.count == 1 ? facts.dialects[0] : nil
    let name = dialect ?? others ?? HashiCorpSettings.dialect
    return dialects.first { $0.name == name } ?? dialects[0]
  }

  // MARK: What comes of it

  /// The plan, where the pods can be injected with what they ask for then.
  private func finished(
    _ planned: [ObjectPlan], _ document: Document, _ draft: AnnotationDraft
  ) throws(Diagnostic) -> DocumentPlan {
    var objects = planned
    let result = try draft.result()
    let injected = injector.plan(for: result).objects
    let read = reader.read(result)
    let results = try ManifestObject.objects(of: result)
    for (index, planned) in planned.enumerated() {
      guard case .annotated = planned.outcome, let before = planned.object else { continue }
      objects[index].change = .values(
        at: before.path, from: try document.value(of: before.node), to: try result.value(of: results[index].node))
      let places = FindingPlaces(before, in: document, of: result, options: draft.options)
      objects[index].take(injected[index], read[index], places)
      if objects[index].refusal == nil, let path = unread(by: read[index]) {
        objects[index].outcome = .refused(.wouldNotRead(path, at: planned.offset))
      }
      if objects[index].refusal == nil { objects[index].findings += guesses }
    }
    let isRefused = objects.contains { $0.refusal != nil }
    return isRefused ? .unchanged(document, objects) : .revised(document, result: result, objects)
  }

  /// What is said of secrets whose engine nothing but their path tells.
  private var guesses: [Diagnostic] {
    request.secrets.compactMap { secret in
      secret.pathOnKV2.map { .takenForKV1(secret, otherwise: $0) }
    }
  }

  /// A path that agents would not read, though it is asked for; nil where they read all of them.
  private func unread(by access: ObjectAccess) -> String? {
    let paths = access.pods.map { Set($0.requests.compactMap(\.path)) }
    return request.secrets.lazy.filter { $0.template == nil }.map(\.path).first { path in
      paths.isEmpty || paths.contains { !$0.contains(path) }
    }
  }

  /// The names of the dialects in which pods of an input ask for something.
  package static func dialects(_ dialects: [any AnnotatableDialect], askedIn input: SourceText) -> [String] {
    dialects.filter { TextPattern($0.requestKey).isHeld(in: input.bytes, input.bytes.indices) }.map(\.name)
  }

  private func facts(of input: SourceText) -> InputFacts {
    var facts = InputFacts()
    facts.dialects = Annotator.dialects(dialects, askedIn: input)
    guard let pieces = try? DocumentStream(input) else { return facts }
    for piece in pieces {
      guard let document = try? Document(piece, of: input), let objects = try? ManifestObject.objects(of: document)
      else { continue }
      for object in objects where (try? scope.includes(object, of: document)) ?? false {
        let templates = (try? scope.templates(of: object, in: document)) ?? []
        if !templates.isEmpty { facts.workloads.append(object.displayName) }
      }
    }
    return facts
  }
}

extension Selection {
  /// True where it says which objects are meant.
  fileprivate var isNarrow: Bool { labels != nil || !kinds.isEmpty || !names.isEmpty || !namespaces.isEmpty }
}

/// What is changed of the annotations of a document.
private struct AnnotationDraft {
  private let document: Document
  private let request: SecretRequest
  private var revision: Revision
  /// What is new, once everything else is done.
  private var additions: [(path: Path, text: String)] = []
  /// The options that say what annotations are to be.
  private(set) var options: [(path: Path, option: String)] = []

  init(of document: Document, _ request: SecretRequest) {
    (self.document, self.request) = (document, request)
    revision = Revision(of: document)
  }

  var isEmpty: Bool { revision.isEmpty && additions.isEmpty }

  /// Plans what a pod is to have; the keys of what is new or changed.
  /// - Throws: A `Diagnostic` where an annotation that says something else is not to be replaced.
  mutating func add(_ wanted: WantedAnnotations, to template: PodTemplate) throws(Diagnostic) -> [String] {
    let annotations = try template.annotations()
    let written = annotations.keys().map(\.key)
    var keys: [String] = []
    for want in wanted.all {
      let present = try annotations.value(want.key)
      guard present?.text != want.value else { continue }
      let place = template.annotationsPath.appending(want.key)
      if let present, !want.takesOver, !request.replaces {
        throw .saysSomethingElse(want.key, present.text, want.value ?? "", at: present.range)
      }
      keys.append(want.key)
      if let option = want.option { options.append((place, option)) }
      guard let present, written.contains(want.key) else {
        if let value = want.value { additions.append((place, value)) }
        continue
      }
      try change(present, at: place, key: want.key, to: want.value)
    }
    return keys
  }

  private mutating func change(
    _ present: Annotations.Located, at place: Path, key: String, to value: String?
  ) throws(Diagnostic) {
    guard let value else { return revision.remove(at: place) }
    guard let parent = place.parent, let map = try document.node(at: parent),
      let spelling = document.spelling(of: value, inQuotesOf: present.node, in: map)
    else { return revision.rename(at: place, to: key, value: .string(value)) }
    try revision.restore(spelling, in: present.node, of: map, at: place)
  }

  /// The document with all of it.
  /// - Throws: A `Diagnostic` where it cannot be edited.
  func result() throws(Diagnostic) -> Document {
    let revised = revision.isEmpty ? document : try revision.spliced()
    guard !additions.isEmpty else { return revised }
    var edits = Edits(document: revised)
    for addition in additions { try edits.set(.string(addition.text), at: addition.path) }
    return try edits.spliced()
  }
}

extension ObjectPlan {
  /// Takes over what an injection says of the object as it is now, and what Vault needs for it.
  fileprivate mutating func take(_ injected: ObjectPlan, _ access: ObjectAccess, _ places: FindingPlaces) {
    assumedAddress = injected.assumedAddress
    ignoredCount = injected.ignoredCount
    findings += injected.findings.map(places.placed)
    switch injected.outcome {
    case .injected, .refreshed: findings += access.pods.compactMap { $0.needs.map(places.placed) }
    case .refused(let refusal): outcome = .refused(places.placed(refusal))
    case .unchanged(let reason): outcome = .refused(places.placed(.staysAsItIs(reason)))
    default: break
    }
  }
}

/// Where findings about an object as it is annotated stand in the text as it is, or on the command line.
private struct FindingPlaces {
  private let object: ManifestObject
  private let document: Document
  private let result: Document
  private let options: [(path: Path, option: String)]

  init(
    _ object: ManifestObject, in document: Document, of result: Document, options: [(path: Path, option: String)]
  ) {
    (self.object, self.document, self.result, self.options) = (object, document, result, options)
  }

  /// A finding about the new text as one about the option that says so, or about the same in the old text.
  func placed(_ finding: Diagnostic) -> Diagnostic {
    var finding = finding.fixed(by: nil)
    let path = finding.range.flatMap { result.path(at: $0.lowerBound) }
    let start = document.range(of: object.node).lowerBound
    if let option = options.first(where: { $0.path == path })?.option {
      finding.message = "\(option): \(finding.message)"
      finding.range = nil
    } else if let path, path.steps.count > object.path.steps.count, let node = try? document.node(at: path),
      !document.isMapping(node), !document.isSequence(node)
    {
      finding.range = document.range(of: node)
    } else {
      finding.range = start..<start
    }
    return finding
  }
}

extension VaultAccess {
  /// What Vault has to know for it; nil where nobody logs in.
  fileprivate var needs: Diagnostic? {
    guard let login, !login.role.isEmpty else { return nil }
    let paths: [String] = requests.compactMap(\.requestedPath?.text).reduce(into: []) {
      if !$0.contains($1) { $0.append($1) }
    }
    let account =
      login.method.usesAccount
      ? " with the service account `\(login.account.name)` of the namespace `\(login.account.namespace)`" : ""
    let reading = paths.isEmpty ? "" : ", and read " + paths.map { "`\($0)`" }.joined(separator: ", ")
    return Diagnostic(
      rule: .vaultNeeds,
      message: "Vault has to let the pods log in at auth/\(login.mountPath) as `\(login.role)`\(account)\(reading)",
      hint: "kubectl vault-inject policy FILE -o commands writes that for Vault, from the result")
  }
}

extension Diagnostic {
  private static func cannotAsk(_ message: String, _ hint: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(rule: .cannotAsk, message: message, hint: hint, range: range)
  }

  fileprivate static func makesNoPod(_ name: String, at offset: Int) -> Diagnostic {
    cannotAsk(
      "\(name) makes no pods, and nothing else in this input does",
      "name the manifest of a Deployment or another workload; --pod-path tells where another kind has its pod template",
      at: offset..<offset)
  }

  fileprivate static func severalPods(_ names: [String], at offset: Int) -> Diagnostic {
    cannotAsk(
      "\(names.count) objects of this input make pods (\(names.listed(first: 4))), and nothing says which of them is meant",
      "choose with --name, --kind or -l; --name '*' means all of them", at: offset..<offset)
  }

  fileprivate static func speaksAnother(_ dialect: String, _ keys: [String], at range: Range<Int>) -> Diagnostic {
    cannotAsk(
      "the pod has annotations of another injector: \(keys.map { "`\($0)`" }.listed(first: 4))",
      "leave --dialect out to add to what it asks there, or take these annotations out", at: range)
  }

  fileprivate static func saysSomethingElse(
    _ key: String, _ present: String, _ wanted: String, at range: Range<Int>
  ) -> Diagnostic {
    let isShort = [present, wanted].allSatisfy { $0.utf8.count <= 80 && !$0.utf8.contains(ASCII.lineFeed) }
    return cannotAsk(
      isShort
        ? "the annotation `\(key)` is `\(present)` already, and is to be `\(wanted)`"
        : "the annotation `\(key)` is there already, and says something else",
      "--force replaces it; or ask for what is there, or for a secret of another name", at: range)
  }

  fileprivate static func takenForKV1(_ secret: RequestedSecret, otherwise path: String) -> Diagnostic {
    Diagnostic(
      as: .note, rule: .untoldVersion,
      message:
        "\(secret.pathOption): `\(secret.path)` is taken for a secret of KV version 1, as the path has no `data/`",
      hint: "if the engine is of version 2, write --secret \(secret.written(at: path))")
  }

  fileprivate static func wouldNotRead(_ path: String, at offset: Int?) -> Diagnostic {
    cannotAsk(
      "with these annotations the agents would still not read `\(path)`",
      "another annotation keeps them from it: it names a ConfigMap with their configuration, or turns an agent off",
      at: offset.map { $0..<$0 })
  }

  fileprivate static func staysAsItIs(_ reason: InjectionOutcome.Reason) -> Diagnostic {
    cannotAsk(
      "with these annotations the pods would not be injected: \(reason.rawValue)",
      "annotate the manifest that they were made of", at: nil)
  }
}
