internal import ManifestText
internal import Workloads

/// What an image starts, as the configuration tells it: `CONTAINER=["/app", "serve"]`, or with the name of the
/// container's object and a slash before it.
package enum Entrypoint {
  /// The words for a container; nil where no entry is about it.
  static func words(of container: String, in object: String, among entries: [String]) -> [String]? {
    let parsed = entries.compactMap(parsed)
    let entry = parsed.last { $0.name == "\(object)/\(container)" } ?? parsed.last { $0.name == container }
    return entry?.words
  }

  /// An entry's name and words; nil for a text that is none.
  package static func parsed(_ entry: String) -> (name: String, words: [String])? {
    guard let sign = entry.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    let name = String(entry[..<sign])
    let json = Array(entry.utf8[entry.utf8.index(after: sign)...])
    guard !name.isEmpty, let elements = Value(json: json)?.array else { return nil }
    let words = elements.compactMap(\.string)
    guard !words.isEmpty, words.count == elements.count, words[0] != "" else { return nil }
    return (name, words)
  }

  /// The name that two entries have; nil where each has one of its own.
  static func nameTwice(in entries: [String]) -> String? {
    var known = NameIndex()
    return entries.compactMap { parsed($0)?.name }.first { !known.add($0) }
  }

  /// A word of an image as `command` has it: there Kubernetes takes `$(NAME)` for a variable, and `$$` for a dollar.
  package static func escaped(_ word: String) -> String {
    let bytes = Array(word.utf8)
    let dollar = UInt8(ascii: "$")
    var escaped: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      escaped.append(byte)
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      if byte == dollar, next == dollar || next == UInt8(ascii: "(") { escaped.append(dollar) }
    }
    return String(decoding: escaped, as: UTF8.self)
  }
}

/// What the containers of pods start that have no `command`: what the settings say of a container, or what is known of
/// its image.
struct Entrypoints {
  /// What a container starts, for its `command`.
  enum Start: Equatable {
    /// The words; where there are none, the container's `args` are all that it starts.
    case words([String])
    /// Nobody said; the image, where others are known and this one is not, and those.
    case unknown(UnknownImage?)
    case unfit(UnfitImage)
  }

  struct UnknownImage: Equatable {
    let image: String
    /// The names that are known.
    let known: [String]
    /// Why it may be missing among them.
    let remarks: [String]
  }

  /// An image that is known, and cannot be taken for this container.
  struct UnfitImage: Equatable {
    let image: String
    let reason: String
    let hint: String
    let place: Range<Int>
  }

  private let entries: [String]
  private let sources: [ImageCatalog.Source]

  /// Takes what settings name.
  init(_ entries: [String], imageConfigs: [String], in catalog: ImageCatalog) {
    (self.entries, sources) = (entries, catalog.sources(of: imageConfigs))
  }

  /// What a container of a pod starts that has no command.
  func start(of container: Container, in template: PodTemplate) throws(Diagnostic) -> Start {
    let name = try container.name()
    if let words = Entrypoint.words(of: name, in: template.object.name, among: entries) {
      return .words(words.map(Entrypoint.escaped))
    }
    guard !sources.isEmpty, let image = try container.image() else { return .unknown(nil) }
    guard let reference = ImageReference(image.name),
      let found = sources.lazy.map({ $0.images.filter { $0.isMeant(by: reference) } }).first(where: { !$0.isEmpty })
    else {
      return .unknown(
        UnknownImage(image: image.name, known: knownNames, remarks: sources.reversed().compactMap(\.remark)))
    }
    let choice = ImageChoice(
      found, image: image.name, place: image.range, hasArguments: try container.hasArguments(),
      architecture: try template.wantedArchitecture())
    return choice.start
  }

  /// What a container without a command starts, and the setting that tells it; nil where none does.
  func decision(on container: Container, in template: PodTemplate) throws(Diagnostic) -> Decision? {
    guard try !container.hasCommand(), case .words(let words) = try start(of: container, in: template) else {
      return nil
    }
    let name = try container.name()
    let isNamed = Entrypoint.words(of: name, in: template.object.name, among: entries) != nil
    let arguments = try container.hasArguments() ? ["its args"] : []
    return Decision(
      "\(name) starts", (words + arguments).joined(separator: " "),
      by: .setting(isNamed ? "entrypoints" : "imageConfigs"))
  }

  private var knownNames: [String] {
    var names: [String] = []
    for image in sources.reversed().flatMap(\.images) {
      for name in image.names.map(\.text) where !names.contains(name) { names.append(name) }
    }
    return names
  }
}

/// Chooses among what is known of one image on several platforms.
private struct ImageChoice {
  private let found: [KnownImage]
  private let image: String
  private let place: Range<Int>
  private let hasArguments: Bool
  /// What the pod's `nodeSelector` asks for; nil where nothing.
  private let architecture: String?

  init(_ found: [KnownImage], image: String, place: Range<Int>, hasArguments: Bool, architecture: String?) {
    (self.found, self.image, self.place) = (found, image, place)
    (self.hasArguments, self.architecture) = (hasArguments, architecture)
  }

  var start: Entrypoints.Start {
    let fitting = found.filter { image in
      guard let platform = image.platform else { return true }
      return platform.system == "linux" && architecture.map { $0 == platform.architecture } ?? true
    }
    guard let first = fitting.first else { return .unfit(unfit(strangers)) }
    // Where the pod does not choose, those that were copied have to agree.
    let present = fitting.filter { if case .absent = $0.start { false } else { true } }
    guard let chosen = present.first else { return start(of: first) }
    if let broken = present.first(where: { if case .unfit = $0.start { true } else { false } }) {
      return start(of: broken)
    }
    let starts = present.map(start)
    if let other = starts.firstIndex(where: { $0 != starts[0] }) {
      return .unfit(
        unfit(
          "starts something else on \(platform(chosen)) than on \(platform(present[other])), says \(chosen.place)",
          "choose one by kubernetes.io/arch in the pod's nodeSelector"))
    }
    return starts[0]
  }

  private func platform(_ image: KnownImage) -> String { image.platform?.text ?? "a platform without a name" }

  private var strangers: String {
    let platforms = found.compactMap { $0.platform?.text }.listed(first: 4)
    return "is there for \(platforms), and not for linux\(architecture.map { "/\($0)" } ?? ""), says \(found[0].place)"
  }

  private func start(of image: KnownImage) -> Entrypoints.Start {
    switch image.start {
    case .absent(let reason), .unfit(let reason): return .unfit(unfit("cannot be looked up: \(reason)"))
    case .words(let entrypoint, let arguments):
      let words = entrypoint + (hasArguments ? [] : arguments)
      if words.isEmpty, !hasArguments {
        return .unfit(unfit("has neither an ENTRYPOINT nor a CMD, says \(image.place)"))
      }
      if words.first == "" { return .unfit(unfit("starts a program without a name, says \(image.place)")) }
      return .words(words.map(Entrypoint.escaped))
    }
  }

  private func unfit(
    _ reason: String, _ hint: String = "write what it starts as `command`, or give it with --entrypoint"
  ) -> Entrypoints.UnfitImage {
    Entrypoints.UnfitImage(image: image, reason: reason, hint: hint, place: place)
  }
}

extension Diagnostic {
  /// An image is known, and what it starts cannot be told.
  static func unfitImage(_ image: Entrypoints.UnfitImage, rule: Rule) -> Diagnostic {
    Diagnostic(
      rule: rule, message: "the image `\(image.image)` \(image.reason)", hint: image.hint, range: image.place)
  }
}

extension Entrypoints.UnknownImage {
  /// What is said of it after why it is wanted.
  var remark: String {
    let names = known.isEmpty ? [] : ["known are \(known.map { "`\($0)`" }.listed(first: 4))"]
    return (["nothing tells what its image `\(image)` starts"] + names + remarks).joined(separator: "; ")
  }
}

extension Container {
  /// Its image and where that is written; nil where it has none.
  fileprivate func image() throws(Diagnostic) -> (name: String, range: Range<Int>)? {
    guard let value = try document.value("image", in: node), document.isString(value) else { return nil }
    return (document.text(of: value), document.range(of: value))
  }

  /// True where `args` is written out with at least one element.
  func hasArguments() throws(Diagnostic) -> Bool { try !items(of: "args").isEmpty }

  /// The elements of one of its lists; none where it has no such list.
  func items(of key: String) throws(Diagnostic) -> [NodeID] {
    try document.value(key, in: node).map { Array(document.items(of: $0)) } ?? []
  }
}

extension PodTemplate {
  /// The architecture that its `nodeSelector` asks for; nil where it asks for none.
  fileprivate func wantedArchitecture() throws(Diagnostic) -> String? {
    guard let spec = try spec(), let selector = try document.value("nodeSelector", in: spec),
      let value = try document.value("kubernetes.io/arch", in: selector), document.isString(value)
    else { return nil }
    return document.text(of: value)
  }
}
