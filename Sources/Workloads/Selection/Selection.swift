public import ManifestText

/// The selected objects of the manifests; the others stay as they are.
///
/// An object is selected where it meets every condition that is set; a condition with several patterns is met by
/// matching one.
public struct Selection: Sendable {
  /// The conditions on the object's own labels; nil for any.
  public var labels: LabelSelector?
  /// Kinds; empty for any.
  public var kinds: [KindPattern] = []
  /// Patterns of names; empty for any.
  public var names: [NamePattern] = []
  /// Patterns of namespaces; empty for any.
  public var namespaces: [NamePattern] = []
  /// The namespace of objects that name none.
  public var defaultNamespace = "default"

  /// Every object.
  public init() {}

  /// Every object.
  public static let everything = Selection()

  /// True where the object is selected.
  /// - Throws: A `Diagnostic` where labels are asked for and the object's cannot be read.
  public func includes(_ object: ManifestObject, of document: Document) throws(Diagnostic) -> Bool {
    guard kinds.isEmpty || kinds.contains(where: { $0.matches(object) }) else { return false }
    guard names.isEmpty || names.contains(where: { $0.matches(object.name) }) else { return false }
    guard includes(namespace: object.namespace ?? defaultNamespace) else { return false }
    return try labels?.matches { (key) throws(Diagnostic) in try object.label(key, in: document) } ?? true
  }
}

extension Selection {
  /// True where objects of this namespace may be selected.
  package func includes(namespace: String) -> Bool {
    namespaces.isEmpty || namespaces.contains { $0.matches(namespace) }
  }
}

/// A label of an object.
package struct ManifestLabel: Sendable {
  let key: String
  let value: String

  /// Those of all objects of a text, as far as it can be read.
  package static func all(of source: SourceText) -> [ManifestLabel] {
    guard let pieces = try? DocumentStream(source) else { return [] }
    return pieces.flatMap { piece in
      guard let document = try? Document(piece, of: source), let objects = try? ManifestObject.objects(of: document)
      else { return [ManifestLabel]() }
      return objects.flatMap { labels(of: $0, in: document) }
    }
  }

  private static func labels(of object: ManifestObject, in document: Document) -> [ManifestLabel] {
    let place = Path().appending("metadata").appending("labels")
    guard let found = try? document.node(at: place, from: object.node), document.isMapping(found) else { return [] }
    return document.entries(of: found).map { entry in
      ManifestLabel(key: document.text(of: entry.key), value: document.text(of: entry.value))
    }
  }
}

extension LabelSelector {
  /// The first condition that no label meets, as some label near to it would meet it; nil where none is near.
  package func nearest(among labels: [ManifestLabel]) -> String? {
    for requirement in requirements where requirement.comparison == .isIn || requirement.comparison == .exists {
      let ofKey = labels.filter { $0.key == requirement.key }
      if ofKey.isEmpty {
        if let key = NearestName.nearest(to: requirement.key, among: labels.map(\.key)) {
          return requirement.values.isEmpty ? key : "\(key)=\(requirement.values.joined(separator: ","))"
        }
      } else if requirement.comparison == .isIn, !ofKey.contains(where: { requirement.values.contains($0.value) }) {
        let near = requirement.values.lazy.compactMap { NearestName.nearest(to: $0, among: ofKey.map(\.value)) }
        if let value = near.first { return "\(requirement.key)=\(value)" }
      }
    }
    return nil
  }
}

extension ManifestObject {
  /// The text of one of the object's own labels; nil where it is absent or no scalar.
  fileprivate func label(_ key: String, in document: Document) throws(Diagnostic) -> String? {
    guard let metadata = try document.value("metadata", in: node),
      let labels = try document.value("labels", in: metadata), let value = try document.value(key, in: labels),
      !document.isMapping(value), !document.isSequence(value)
    else { return nil }
    return document.isNull(value) ? "" : document.text(of: value)
  }
}

/// Findings about a selection that makes no sense.
extension Diagnostic {
  static func selectorSyntax(_ selector: String, found: String?, expected: String) -> Diagnostic {
    let found = found.map { "has `\($0)` where" } ?? "ends where"
    return Diagnostic(
      rule: .selectorSyntax, message: "the selector `\(selector)` \(found) \(expected) belongs",
      hint: "such as app=web,tier!=db,env in (prod,test),release,!legacy")
  }

  static func selectorText(_ selector: String, _ part: String, _ text: String, _ fault: String) -> Diagnostic {
    Diagnostic(
      rule: .selectorSyntax, message: "the selector `\(selector)` has the \(part) `\(text)`, which no label has",
      hint: fault)
  }

  static func notAKind(_ text: String) -> Diagnostic {
    Diagnostic(
      rule: .kindName, message: "`\(text)` is not the name of a kind",
      hint: "write it as Deployment, deployments, deploy or deployment.apps; several with commas")
  }
}

/// A kind as kubectl lets one name it: `Deployment`, `deployments`, `deploy`, `deployment.apps`, `deployments.v1.apps`.
public struct KindPattern: Sendable {
  /// The kind as it was written.
  public let text: String
  /// What was written of it without a group, in small letters.
  public let name: String
  /// The group, with or without a version before it; nil for any.
  private let group: String?

  /// Reads a kind's name.
  /// - Throws: A `Diagnostic` where this is not the name of a kind.
  public init(_ text: String) throws(Diagnostic) {
    let parts = text.lowercased().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, !first.isEmpty, first.utf8.allSatisfy(KindPattern.isLetterOrDigit) else {
      throw .notAKind(text)
    }
    self.text = text
    name = String(first)
    group = parts.count > 1 ? String(parts[1]) : nil
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }

  /// True where the object is of this kind.
  public func matches(_ object: ManifestObject) -> Bool {
    guard let group else { return isNamed(object.kind, object.group) }
    let isOfGroup = group == object.group || group == "\(object.version).\(object.group)" || group == object.apiVersion
    return isOfGroup && isNamed(object.kind, object.group)
  }

  /// True where this names the kind, in whatever version.
  public func matches(_ kind: WorkloadKind) -> Bool {
    guard let group else { return isNamed(kind.kind, kind.group) }
    return isNamed(kind.kind, kind.group) && (group == kind.group || group.hasSuffix(".\(kind.group)"))
  }

  private func isNamed(_ kind: String, _ group: String) -> Bool {
    let word = kind.lowercased()
    guard !word.isEmpty else { return false }
    return name == word || name == KindPattern.plural(of: word)
      || KindPattern.shortNames[kind]?.contains { $0.name == name && $0.group == group } == true
  }

  /// The plural of a kind as the API server forms it, by the rule that all kinds in use follow.
  private static func plural(of kind: String) -> String {
    if kind.hasSuffix("endpoints") { return kind }
    if kind.hasSuffix("s") { return kind + "es" }
    if kind.hasSuffix("y") { return kind.dropLast() + "ies" }
    return kind + "s"
  }

  /// The short names of the kinds that make pods, as their API servers announce them.
  private static let shortNames: [String: [(group: String, name: String)]] = [
    "Pod": [("", "po")],
    "ReplicationController": [("", "rc")],
    "ReplicaSet": [("apps", "rs"), ("extensions", "rs")],
    "Deployment": [("apps", "deploy"), ("extensions", "deploy")],
    "StatefulSet": [("apps", "sts"), ("apps.kruise.io", "sts"), ("apps.kruise.io", "asts")],
    "DaemonSet": [
      ("apps", "ds"), ("extensions", "ds"), ("apps.kruise.io", "daemon"), ("apps.kruise.io", "ads"),
    ],
    "CronJob": [("batch", "cj")],
    "Rollout": [("argoproj.io", "ro")],
    "Service": [("serving.knative.dev", "ksvc"), ("serving.knative.dev", "kservice")],
    "Configuration": [("serving.knative.dev", "cfg"), ("serving.knative.dev", "config")],
    "Revision": [("serving.knative.dev", "rev")],
    "DeploymentConfig": [("apps.openshift.io", "dc"), ("", "dc")],
    "CloneSet": [("apps.kruise.io", "clone")],
  ]
}

extension KindPattern {
  /// The names a kind goes by: its own, in the plural, and short.
  static func words(for kind: WorkloadKind) -> [String] {
    let short = shortNames[kind.kind]?.filter { $0.group == kind.group }.map(\.name) ?? []
    return [kind.kind, plural(of: kind.kind.lowercased())] + short
  }
}

extension WorkloadKinds {
  /// The names the kinds go by.
  public var words: [String] { all.flatMap(KindPattern.words) }
}

extension ManifestObject {
  /// The API version without its group: `v1` of `apps/v1`.
  fileprivate var version: Substring {
    apiVersion.utf8.firstIndex(of: UInt8(ascii: "/")).map { apiVersion[$0...].dropFirst() } ?? apiVersion[...]
  }
}

/// A pattern of names: `*` is any text, `?` any character, `[a-c]` one of several and `[!a-c]` none of them.
public struct NamePattern: Sendable {
  private enum Part: Sendable {
    case anyText
    case character(set: [ClosedRange<Unicode.Scalar>], isInverted: Bool)
  }

  private let parts: [Part]

  /// True for a text that may stand for several names.
  package static func isPattern(_ text: String) -> Bool { text.contains { "*?[".contains($0) } }

  /// Reads a pattern; a bracket that nothing closes stands for itself.
  public init(_ text: String) {
    var parts: [Part] = []
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*": parts.append(.anyText)
      case "?": parts.append(.character(set: [], isInverted: true))
      case "[": parts.append(NamePattern.bracket(&rest) ?? NamePattern.literal(scalar))
      default: parts.append(NamePattern.literal(scalar))
      }
    }
    self.parts = parts
  }

  private static func literal(_ scalar: Unicode.Scalar) -> Part {
    .character(set: [scalar...scalar], isInverted: false)
  }

  /// What stands between brackets, the first of which has been read; nil where the second is missing.
  private static func bracket(_ rest: inout Substring.UnicodeScalarView) -> Part? {
    var inside = rest
    let isInverted = inside.first == "!" || inside.first == "^"
    if isInverted { inside.removeFirst() }
    var set: [ClosedRange<Unicode.Scalar>] = []
    while let scalar = inside.popFirst() {
      // A closing bracket that comes first stands for itself.
      if scalar == "]", !set.isEmpty {
        rest = inside
        return .character(set: set, isInverted: isInverted)
      }
      set.append(scalar...upperBound(from: scalar, &inside))
    }
    return nil
  }

  private static func upperBound(
    from scalar: Unicode.Scalar, _ inside: inout Substring.UnicodeScalarView
  ) -> Unicode.Scalar {
    let next = inside.dropFirst()
    guard inside.first == "-", let end = next.first, end != "]" else { return scalar }
    inside = next.dropFirst()
    return max(scalar, end)
  }

  /// True where the whole name is as the pattern has it.
  public func matches(_ name: String) -> Bool {
    let name = Array(name.unicodeScalars)
    var (part, index) = (0, 0)
    /// Where to go on once the text that the last `*` stands for has to be longer.
    var retry: (part: Int, index: Int)?
    while index < name.count {
      if part < parts.count, case .anyText = parts[part] {
        part += 1
        retry = (part, index)
      } else if part < parts.count, NamePattern.isMatch(parts[part], name[index]) {
        (part, index) = (part + 1, index + 1)
      } else if let again = retry {
        (part, index) = (again.part, again.index + 1)
        retry = (part, index)
      } else {
        return false
      }
    }
    return parts[part...].allSatisfy { if case .anyText = $0 { true } else { false } }
  }

  private static func isMatch(_ part: Part, _ scalar: Unicode.Scalar) -> Bool {
    guard case .character(let set, let isInverted) = part else { return false }
    return set.contains { $0.contains(scalar) } != isInverted
  }
}
