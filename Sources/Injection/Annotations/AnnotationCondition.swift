internal import ManifestText

/// An annotation that is judged: its key, what stands for the place holder in it, and where it stands in the pod.
struct AnnotationPlace {
  let key: String
  /// Empty for an annotation of no family.
  var name = ""
  let range: Range<Int>?
}

/// Something that an annotation needs or cannot go with.
struct AnnotationCondition<Pod>: Sendable {
  typealias Predicate = @Sendable (Pod, AnnotationPlace) -> Bool

  /// The condition as a sentence, for documentation.
  let words: String
  /// What is said of a pod that breaks it, and nil of all others; nil where only the effect depends on it.
  private(set) var finding: (@Sendable (Pod, AnnotationPlace) -> Diagnostic?)?
  /// What keeps the annotation from having an effect; nil where something else is said.
  private(set) var effect: (obstacle: AnnotationObstacle, isPrevented: Predicate)?

  private init(words: String, effect obstacle: AnnotationObstacle, isPrevented: @escaping Predicate) {
    self.words = words
    effect = (obstacle, isPrevented)
  }

  /// A condition with words of its own, for documentation and where it is broken.
  init(words: String, finding: @escaping @Sendable (Pod, AnnotationPlace) -> Diagnostic?) {
    self.words = words
    self.finding = finding
  }

  // MARK: Effect

  /// Something without which the annotation has no effect, and what to do about that.
  static func needs(_ what: String, _ hint: String, where isMet: @escaping Predicate) -> AnnotationCondition {
    AnnotationCondition(words: "Needs \(what).", effect: AnnotationObstacle(reason: "without \(what)", hint: hint)) {
      !isMet($0, $1)
    }
  }

  /// Something with which the annotation has no effect, and what to do about that.
  ///
  /// Where that holds for one of the names of an annotation, the documentation says for which.
  static func voidedBy(
    _ what: String, _ hint: String, for name: String? = nil, where isVoid: @escaping Predicate
  ) -> AnnotationCondition {
    AnnotationCondition(
      words: name.map { "\($0) is void with \(what)." } ?? "Void with \(what).",
      effect: AnnotationObstacle(reason: "with \(what)", hint: hint), isPrevented: isVoid)
  }

  // MARK: Refusals and traps

  /// Something without which the annotation, or one value of it, is refused or hurts.
  static func requires(
    _ words: String, for value: String? = nil,
    _ finding: @escaping @Sendable (Pod, AnnotationPlace) -> Diagnostic?
  ) -> AnnotationCondition {
    AnnotationCondition(words: (value.map { "`\($0)` needs" } ?? "Needs") + " \(words).", finding: finding)
  }

  /// Something with which the annotation, or one value of it, is refused or hurts.
  static func excludes(
    _ words: String, for value: String? = nil,
    _ finding: @escaping @Sendable (Pod, AnnotationPlace) -> Diagnostic?
  ) -> AnnotationCondition {
    AnnotationCondition(words: (value.map { "`\($0)` excludes" } ?? "Excludes") + " \(words).", finding: finding)
  }
}

/// Why annotations are without effect, and what to do about it.
struct AnnotationObstacle: Equatable {
  /// In words that go after "has no effect".
  let reason: String
  let hint: String
}

/// The annotations of a pod that have no effect, gathered by the reason.
struct IneffectiveAnnotations {
  private var groups: [(obstacle: AnnotationObstacle, keys: [String], range: Range<Int>?)] = []

  /// Adds an annotation; those with the same reason are told together, at the place of the first.
  mutating func add(_ key: String, _ obstacle: AnnotationObstacle, at range: Range<Int>?) {
    guard let index = groups.firstIndex(where: { $0.obstacle == obstacle }) else {
      return groups.append((obstacle, [key], range))
    }
    groups[index].keys.append(key)
  }

  /// What there is to say about them.
  var findings: [Diagnostic] {
    groups.map { group in
      let (first, rest) = (group.keys[0], group.keys.dropFirst().prefix(3))
      let others = group.keys.count - 1 - rest.count
      var names = ["`\(first)`"] + rest.map { "`\($0.split(separator: "/").last ?? "")`" }
      if others > 0 { names.append("\(others) more") }
      let verb = group.keys.count == 1 ? "has" : "have"
      return Diagnostic(
        rule: .settingWithoutEffect, message: "\(names.listed) \(verb) no effect \(group.obstacle.reason)",
        hint: group.obstacle.hint, range: group.range)
    }
  }
}

extension [String] {
  /// The names as a sentence lists them.
  fileprivate var listed: String {
    count < 2 ? joined() : dropLast().joined(separator: ", ") + " and " + self[count - 1]
  }
}

/// What an annotation means that is there and empty, where people may not know.
struct EmptyAnnotation<Pod>: Sendable {
  /// In words that go after "is there and empty,".
  let meaning: String
  /// True for a pod in which that makes a difference.
  let matters: @Sendable (Pod) -> Bool

  init(_ meaning: String, where matters: @escaping @Sendable (Pod) -> Bool) {
    self.meaning = meaning
    self.matters = matters
  }

  static func always(_ meaning: String) -> EmptyAnnotation { EmptyAnnotation(meaning) { _ in true } }
}
