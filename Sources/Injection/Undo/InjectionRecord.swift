internal import ManifestText
internal import Workloads

/// What undoing one pod's injection needs, kept in an annotation of the pod.
///
/// Values are named by digests of their meaning, so that reordering and reformatting the file does no harm.
///
/// It says where something was injected and, for each element, entry and value there, its name and its digest: by these
/// it is told what was changed by hand since, to the member. What the injected text says itself is not repeated, so
/// that a record is short:
///
/// - The values: what is there and has the digest is what was injected.
/// - The status annotation, where every injection puts it, with the value that every injection gives it.
/// - Indentation, comments and layout: lines put between others are taken out as lines. Only where something else was
///   lost by injecting (`repairs`, `difference`, the former text of what was replaced) does it hold text.
/// - What Kubernetes takes for the same: defaults, spellings of amounts, the order of keys (see `Digest`).
///
/// Nothing is implied by the names or contents of injected containers and volumes: an injection of another release,
/// or with other settings, is undone by its record alone.
struct InjectionRecord: Equatable, Sendable {
  /// How its digests are made, and how it is written.
  enum Version: Int, Sendable {
    /// Digests by the keys of defaults, wherever they stand; JSON.
    case first = 1
    /// Digests by what Kubernetes takes a value for at its place; JSON.
    case second
    /// The same digests, cut short; clauses.
    case current
  }

  /// How its digests are made.
  var version = Version.current
  /// What was injected into the pod.
  var pod = Part()
  /// Spellings that taking it out does not give back by itself.
  var repairs: [SpellingRepair] = []
  /// The last resort: what the document was, where that cannot be said in repairs.
  var difference: FormerDocument?
}

extension InjectionRecord {
  /// What was injected into a list or map, and further down.
  struct Part: Equatable, Sendable {
    /// Entries a map gained.
    var added: [Entry<Injected>] = []
    /// Entries or elements whose value gave way to another.
    var replaced: [Entry<Replaced>] = []
    /// Elements a list gained at its front.
    var front: [Element] = []
    /// Elements a list gained at its end.
    var back: [Element] = []
    /// What was injected further down.
    var children: [Entry<Part>] = []
  }

  /// What stands under a key of a map or, in a list, under an element's name or `#` and its number.
  struct Entry<Content: Equatable & Sendable>: Equatable, Sendable {
    let step: String
    var content: Content
  }

  /// An element of a list.
  struct Element: Equatable, Sendable {
    let digest: RecordedDigest
    /// The element's `name`; nil where it has none.
    let name: String?

    init(digest: RecordedDigest, name: String?) {
      self.digest = digest
      self.name = name
    }

    init(_ value: Value, at place: PodPlace, knowing constants: ConstantDigests) {
      self.init(digest: RecordedDigest(value, at: place, knowing: constants), name: value["name"]?.string)
    }
  }

  /// A value that was injected: others may since have put theirs beside what is in a list or map.
  enum Injected: Equatable, Sendable {
    case value(RecordedDigest)
    case list([Element])
    case map([Entry<RecordedDigest>])
  }

  /// A value that took the place of another.
  struct Replaced: Equatable, Sendable {
    let now: Injected
    let former: FormerText
    /// True where the other came in through a merge key, and does so again once this one is gone.
    var isMerged = false
  }
}

extension InjectionRecord.Injected {
  /// A value nothing stood in the place of, so that it can be shared with others.
  init(_ value: Value, at place: PodPlace, knowing constants: ConstantDigests) {
    switch value {
    case .array(let elements) where !elements.isEmpty:
      self = .list(
        elements.enumerated().map { InjectionRecord.Element($1, at: place.element($0), knowing: constants) })
    case .object(let members) where !members.isEmpty:
      self = .map(
        members.map { member in
          let digest = RecordedDigest(member.value, at: place.entry(member.key), knowing: constants)
          return InjectionRecord.Entry(step: member.key, content: digest)
        })
    default: self = .value(RecordedDigest(value, at: place))
    }
  }
}

extension InjectionRecord.Part {
  /// True where a value gave way to another, here or further down.
  var replacesValues: Bool { !replaced.isEmpty || children.contains { $0.content.replacesValues } }

  /// The names of the elements injected into a list of the pod's `spec`.
  func names(in list: String) -> [String] { elements(in: list).compactMap(\.name) }

  /// The digests of the elements of a name injected there.
  func digests(of name: String, in list: String) -> [RecordedDigest] {
    elements(in: list).filter { $0.name.map { ByteText.isEqual($0, name) } ?? false }.map(\.digest)
  }

  private func elements(in list: String) -> [InjectionRecord.Element] {
    guard let spec = children.first(where: { $0.step == "spec" })?.content else { return [] }
    let part = spec.children.first { $0.step == list }?.content
    var elements = (part?.front ?? []) + (part?.back ?? [])
    let values =
      spec.added.filter { $0.step == list }.map(\.content)
      + spec.replaced.filter { $0.step == list }.map(\.content.now)
    for case .list(let added) in values { elements += added }
    return elements
  }
}

// MARK: The status annotation

extension InjectionRecord.Part {
  private static let injected = RecordedDigest(
    "injected", at: PodPlace.pod.entry("metadata").entry("annotations").entry("status"))

  private static func status(_ key: String) -> InjectionRecord.Entry<InjectionRecord.Part> {
    let status = InjectionRecord.Part(added: [InjectionRecord.Entry(step: key, content: .value(injected))])
    let metadata = InjectionRecord.Part(children: [InjectionRecord.Entry(step: "annotations", content: status)])
    return InjectionRecord.Entry(step: "metadata", content: metadata)
  }

  /// The pod without the status annotation; nil where something else was injected into its metadata.
  func withoutStatus(_ key: String) -> InjectionRecord.Part? {
    guard let index = children.firstIndex(of: InjectionRecord.Part.status(key)) else { return nil }
    var part = self
    part.children.remove(at: index)
    return part
  }

  /// The pod with the status annotation.
  func withStatus(_ key: String) -> InjectionRecord.Part {
    var part = self
    part.children.append(InjectionRecord.Part.status(key))
    return part
  }
}

// MARK: Steps

extension InjectionRecord {
  /// The step to an element without a name of its own.
  static func number(_ index: Int) -> String { "#\(index)" }

  /// The element a step leads to by number; nil for a name.
  static func index(of step: String) -> Int? {
    step.hasPrefix("#") ? Int(step.dropFirst()).flatMap { $0 < 0 ? nil : $0 } : nil
  }
}

extension Dialect {
  /// The record of the injection into a pod; nil where there is none.
  /// - Throws: A `Diagnostic` where there is one that cannot be used.
  func record(of template: PodTemplate) throws(Diagnostic) -> InjectionRecord? {
    guard let found = try template.annotations().value(recordKey) else { return nil }
    do throws(InjectionRecord.Fault) {
      return try InjectionRecord(text: found.text, statusKey: statusKey)
    } catch {
      switch error {
      case .damaged: throw .recordDamaged(recordKey, at: found.range)
      case .unknownVersion(let version): throw .recordTooNew(recordKey, version, at: found.range)
      }
    }
  }
}
