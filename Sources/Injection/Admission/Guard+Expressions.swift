internal import ManifestText

/// The rules of a guard in CEL.
///
/// What a pod lacks is an empty text or list: an error would refuse it with words that help nobody. Nothing is used that
/// came after Kubernetes 1.30, which compiles with what 1.29 had.
extension Guard {
  /// What is judged at all.
  var conditions: [NamedExpression] {
    var conditions = [NamedExpression("asks-for-secrets", asksForSecrets)]
    if coversWorkloads {
      conditions.append(
        NamedExpression(
          "new-or-changed",
          "request.operation == 'CREATE' ||\n\(template(of: "object")) !=\n\(template(of: "oldObject"))"))
    }
    conditions.append(
      NamedExpression(
        "no-mirror-pod", "!('kubernetes.io/config.mirror' in object.metadata.?annotations.orValue({}))"))
    return conditions
  }

  private var asksForSecrets: String {
    func all(of pod: String, indent: String) -> String {
      facts.map { asks($0.request, of: "\(pod).?metadata.?annotations") }.joined(separator: " ||\n\(indent)")
    }
    guard coversWorkloads else { return all(of: "object", indent: "") }
    return "[\n  \(template(of: "object"))\n].exists(pod,\n  \(all(of: "pod", indent: "  ")))"
  }

  /// True where the annotation of a pod asks, or is no clear no.
  private func asks(_ request: GuardFacts.Request, of annotations: String) -> String {
    var text = "\(annotation(request.key, of: annotations)).orValue('')"
    if request.ignoresCase { text += ".lowerAscii()" }
    guard let no = request.no else { return "\(text) in \(CELText.list(request.yes))" }
    return "!(\(text) in \(CELText.list(no)))"
  }

  /// The text of an annotation, if there is one.
  private func annotation(_ key: GuardFacts.Key, of annotations: String = "variables.annotations") -> String {
    let own = "\(annotations)[?\(CELText.string(key.own))]"
    return key.former.map { "\(own).or(\(annotations)[?\(CELText.string($0))])" } ?? own
  }

  /// The pod, or the template of pods, in an object.
  ///
  /// Without its type, so that it may be looked for in every kind alike.
  private func template(of object: String) -> String {
    guard coversWorkloads else { return object }
    let places = GuardedWorkloads.templates.map { steps in "dyn(\(object)).?" + steps.joined(separator: ".?") }
    return places.dropFirst().reduce(places[0]) { "\($0)\n  .or(\($1))" } + ".orValue(\(object))"
  }

  // MARK: Variables

  var variables: [NamedExpression] {
    var variables = [
      NamedExpression("pod", template(of: "object")),
      NamedExpression("annotations", "variables.pod.?metadata.?annotations.orValue({})"),
    ]
    variables += facts.map { facts in
      NamedExpression(facts.dialect, "\(asks(facts.request, of: "variables.annotations"))")
    }
    variables += [
      NamedExpression(
        "containers",
        "variables.pod.?spec.?containers.orValue([]) +\nvariables.pod.?spec.?initContainers.orValue([])"),
      NamedExpression(
        "agents", "variables.containers.filter(c,\n  \(facts.map(isAgent).joined(separator: " ||\n  ")))"),
      NamedExpression("key", requestKey),
      NamedExpression("request", "variables.annotations[?variables.key].orValue('')"),
      NamedExpression("told", told),
      NamedExpression("remedy", remedy),
      NamedExpression(
        "images",
        """
        variables.agents.filter(c, !\(CELText.lines(images.flatMap(\.beginnings))).exists(image,
            (c.?image.orValue('') + ':').startsWith(image)))
          .map(c, c.?name.orValue('') + ' has ' + c.?image.orValue('none'))
        """),
    ]
    if coversWorkloads {
      variables += [
        NamedExpression("isPod", "request.kind.kind == 'Pod'"),
        NamedExpression("pods", "variables.isPod ? 'this pod' : 'the pods of this ' + request.kind.kind"),
      ]
    }
    return variables + facts.flatMap(fileVariables) + [NamedExpression("fault", fault)]
  }

  /// The first rule that a pod breaks; one is told of, by whatever becomes of the pod.
  private var fault: String {
    rules.map { "!(\(condition(of: $0)))\n  ? \(CELText.string($0.name)) :\n" }.joined() + "''"
  }

  private func isAgent(_ facts: GuardFacts) -> String {
    var text = "c.?name.orValue('') in \(CELText.list(facts.agents))"
    if !facts.agentVolumes.isEmpty {
      text +=
        " ||\n    c.?volumeMounts.orValue([]).exists(m, m.?name.orValue('') in \(CELText.list(facts.agentVolumes)))"
    }
    return "variables.\(facts.dialect) && (\(text))"
  }

  /// What the agents write, and what of it lacks: only names that are spelt alike everywhere are looked for.
  private func fileVariables(_ facts: GuardFacts) -> [NamedExpression] {
    guard let files = facts.files else { return [] }
    return [
      NamedExpression(
        "writtenFiles",
        """
        variables.containers.filter(c, c.?name.orValue('') in \(CELText.list(files.containers)))
          .map(c, c.?command.orValue([]) +
            c.?env.orValue([]).filter(e, e.?name.orValue('') == \(CELText.string(files.variable)))
              .map(e, e.?value.orValue('')))
          .map(texts, texts.join('\\n').split(\(CELText.string(files.mark)), \(GuardLimits.files + 2))
            .map(piece, piece.split('"', 2)[0]))
          .filter(names, names.size() > 1)
        """),
      NamedExpression(
        "listedFiles",
        "variables.annotations[?\(CELText.string(files.key))].orValue('').split(',', \(GuardLimits.files + 1))"),
      // Its sentence is made for every pod, so that what is too much to look at must be left alone here.
      NamedExpression(
        "missingFiles",
        """
        variables.listedFiles.size() > \(GuardLimits.files) ||
          variables.writtenFiles.exists(names, names.size() > \(GuardLimits.files + 1)) ? [] :
          variables.listedFiles.filter(name,
            name.matches('^[-A-Za-z0-9._/]+$') && !variables.writtenFiles.exists(names, name in names))
        """),
    ]
  }

  /// An expression for a value that is another for each dialect.
  private func choice(_ value: (GuardFacts) -> String) -> String {
    let last = facts.last.map(value) ?? "''"
    return facts.dropLast().reversed().reduce(last) { "variables.\($1.dialect) ? \(value($1)) : \($0)" }
  }

  private var requestKey: String { choice { spelling(of: $0.request.key) } }

  /// The key as the pod has it, of two the one that counts.
  private func spelling(of key: GuardFacts.Key) -> String {
    let own = CELText.string(key.own)
    return key.former.map { "(\(own) in variables.annotations ? \(own) : \(CELText.string($0)))" } ?? own
  }

  // MARK: Conditions

  /// True where a pod keeps a rule.
  private func condition(of rule: GuardRule) -> String {
    switch rule {
    case .unclearRequest(let facts):
      let words = CELText.list(facts.request.yes)
      let isOther =
        facts.request.key.former.map { "!(variables.key in \(CELText.list([facts.request.key.own, $0])))" }
        ?? "variables.key != \(CELText.string(facts.request.key.own))"
      return "\(isOther) || variables.request in \(words)"
    case .severalInjectors(let facts):
      return "[\(facts.map { "variables.\($0.dialect)" }.joined(separator: ", "))].filter(asks, asks).size() < 2"
    case .noAgent: return "variables.agents.size() > 0"
    case .otherImage: return "variables.images.size() == 0"
    case .otherAddress(let facts, let address):
      return """
        !variables.\(facts.dialect) || variables.agents.all(c, c.?env.orValue([]).all(e,
          \(passes(address).joined(separator: " &&\n  "))))
        """
    case .missingFile(let facts, _):
      return "!variables.\(facts.dialect) || variables.writtenFiles.size() == 0 || variables.missingFiles.size() == 0"
    }
  }

  private func passes(_ address: GuardFacts.Address) -> [String] {
    let value = "e.?value.orValue('')"
    var clauses = [
      "(e.?name.orValue('') != \(CELText.string(address.variable)) || \(value) == \(CELText.string(address.text)))"
    ]
    if let (variable, marks) = address.configuration {
      let limit = GuardLimits.configuration
      clauses.append(
        """
        (e.?name.orValue('') != \(CELText.string(variable)) || \(CELText.lines(marks, indent: "    ")).exists(mark,
            (\(value).size() > \(limit) ? \(value).substring(0, \(limit)) : \(value)).contains(mark)))
        """)
    }
    return clauses
  }

  // MARK: Sentences

  /// A sentence in CEL, a line for each of its parts that the pod fills in.
  func sentence(_ phrases: [GuardPhrase], separator: String = " +\n") -> String {
    var parts: [String] = []
    var text = ""
    func flush() {
      if !text.isEmpty { parts.append(CELText.string(text)) }
      text = ""
    }
    for phrase in phrases {
      switch phrase {
      case .text(let words): text += words
      case .key(let key) where key.former == nil: text += key.own
      case .pods where !coversWorkloads: text += "this pod"
      case .number(let one, _) where !coversWorkloads: text += one
      default:
        flush()
        parts.append(expression(of: phrase))
      }
    }
    flush()
    return parts.joined(separator: separator)
  }

  private func expression(of phrase: GuardPhrase) -> String {
    switch phrase {
    case .text(let text): CELText.string(text)
    case .key(let key): spelling(of: key)
    case .pods: "variables.pods"
    case .number(let one, let many): "(variables.isPod ? \(CELText.string(one)) : \(CELText.string(many)))"
    case .requestKey: "variables.key"
    case .request: "variables.told"
    case .lie: lie
    case .remedy: "variables.remedy"
    case .images:
      """
      (variables.images.exists(image, image.matches(\(controls)))
        ? \(CELText.string(GuardPhrase.unshownImage)) : variables.images.join(', '))
      """
    case .missingFile: "variables.missingFiles[0]"
    case .ifAnnotated(let key, let then, let otherwise):
      "(\(isThere(key)) ? \(sentence(then, separator: " + ")) : \(CELText.string(otherwise)))"
    }
  }

  private func isThere(_ key: GuardFacts.Key) -> String {
    let keys = [key.own] + [key.former].compactMap(\.self)
    return keys.map { "\(CELText.string($0)) in variables.annotations" }.joined(separator: " || ")
  }

  /// What is told of the annotation that asks, with a space for each control character: the API server drops warnings
  /// with them.
  private var told: String {
    let count = GuardLimits.toldText
    return """
      (variables.request.size() > \(count) ? variables.request.substring(0, \(count)) + '...' : variables.request)
        .split('').map(letter, letter.matches(\(controls)) ? ' ' : letter).join()
      """
  }

  /// A regular expression for a control character.
  private var controls: String { CELText.string(#"\p{Cc}"#) }

  /// An injection helps, unless the annotations leave nothing to inject.
  private var remedy: String {
    let cases = facts.map { facts in
      let idleness = facts.idleness
      let conditions = ["variables.\(facts.dialect)"] + idleness.clauses.map(holds)
      let text = sentence(idleness.sentence, separator: " + ")
      return "\(conditions.joined(separator: " &&\n  "))\n  ? \(text) :\n"
    }
    return cases.joined() + CELText.string(GuardPhrase.injecting)
  }

  private func holds(_ key: GuardFacts.Key, _ clause: GuardFacts.Idleness.Clause) -> String {
    let annotation = annotation(key)
    let text = "\(annotation).orValue('')"
    switch clause {
    case .isOne(let words): return "\(text) in \(CELText.list(words))"
    case .isThere(let words): return "\(annotation).hasValue() && \(text) in \(CELText.list(words))"
    case .namesNone(let words, let others):
      return """
        !(\(text) in \(CELText.list([""] + others))) &&
          !\(CELText.list(words.map { ",\($0)," })).exists(word, (',' + \(text) + ',').contains(word))
        """
    }
  }

  private var lie: String {
    let isTold =
      "variables.annotations[?\(choice { spelling(of: $0.statusKey) })].orValue('').lowerAscii() == 'injected'"
    let told = choice { sentence($0.lie, separator: " + ") }
    return "(\(isTold) ?\n  \(facts.count == 1 ? told : "(\(told))") : '')"
  }
}
