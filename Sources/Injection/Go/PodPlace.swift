internal import ManifestText
internal import Workloads

/// A place in a pod, by which Kubernetes knows what a value there means.
struct PodPlace: Sendable {
  /// Nil where nothing is known of what stands there.
  private let shape: GoRecord.Shape?
  /// The paths from here to the pods that are further down.
  private var pods: [ArraySlice<Path.Step>] = []

  init(_ shape: GoRecord.Shape?) { self.shape = shape.map(PodPlace.plain) }

  /// The pod, or the template of one.
  static let pod = PodPlace(.record(PodRecord.template))
  /// A container of a pod.
  static let container = PodPlace(.record(ContainerRecord.container))
  /// A volume of a pod.
  static let volume = PodPlace.pod.entry("spec").entry("volumes").element(0)
  /// A volume's mount in a container.
  static let mount = PodPlace.container.entry("volumeMounts").element(0)
  /// What a container does at its start or its end.
  static let hook = PodPlace.container.entry("lifecycle").entry("postStart")
  /// A place outside of pods.
  static let elsewhere = PodPlace(nil)

  /// An object with pods in these places.
  static func object(podsAt paths: [ArraySlice<Path.Step>]) -> PodPlace {
    if paths.contains(where: \.isEmpty) { return .pod }
    var place = PodPlace.elsewhere
    place.pods = paths
    return place
  }

  private static func plain(_ shape: GoRecord.Shape) -> GoRecord.Shape {
    switch shape {
    case .always(let inner), .optional(let inner): plain(inner)
    default: shape
    }
  }
}

extension PodPlace {
  /// The type of object that stands there; nil for anything else.
  var record: GoRecord? {
    guard case .record(let record)? = shape else { return nil }
    return record
  }

  /// The place of a list's element.
  func element(_ index: Int) -> PodPlace { inner(.index(index)) }

  /// The place of a map's entry.
  func entry(_ key: String) -> PodPlace {
    guard let record else { return inner(.key(key)) }
    return record[key].map(place) ?? .elsewhere
  }

  private func inner(_ step: Path.Step) -> PodPlace {
    switch shape {
    case .list(let element), .map(let element): return PodPlace(element)
    default:
      guard !pods.isEmpty else { return .elsewhere }
      return .object(podsAt: pods.filter { $0.first == step }.map { $0.dropFirst() })
    }
  }

  /// The place of a member of the object that stands there.
  func place(of field: GoRecord.Field) -> PodPlace { field.place }

  /// False for a list whose order means nothing: admission puts its own between what was there and what comes later.
  var hasOrder: Bool {
    guard case .list(.record(let record))? = shape else { return true }
    return record.name != "v1.VolumeMount" && record.name != "v1.Volume"
  }

  /// True for an element that admission puts into a list there.
  func isAdmitted(_ element: Value) -> Bool {
    guard case .list(.record(let record))? = shape, record.name == "v1.VolumeMount" else { return false }
    return element.isAdmittedMount
  }
}

extension Value {
  /// True for a volume mount that admission brought.
  var isAdmittedMount: Bool {
    guard let volume = self["name"]?.string, let path = self["mountPath"]?.string else { return false }
    return AdmittedMount.isOne(volume: volume, mountPath: path)
  }
}

// MARK: Values

extension PodPlace {
  /// A scalar as the API server writes it: an amount in canonical form.
  func stored(scalar value: Value) -> Value {
    guard case .quantity? = shape else { return value }
    switch value {
    case .string(let text), .number(let text): return (try? Quantity.canonical(text)).map(Value.string) ?? value
    default: return value
    }
  }

  /// A value as the API server writes it: nothing that it leaves out, amounts in canonical form, and what it fills in
  /// wherever a manager owns more than the single field.
  func stored(_ value: Value) -> Value {
    switch value {
    case .array(let elements):
      return .array(elements.enumerated().map { element($0).stored($1) })
    case .object(let members):
      guard let record else {
        return .object(
          members.filter { $0.value != .null }.map { Value.Member(key: $0.key, value: entry($0.key).stored($0.value)) })
      }
      return .object(stored(members, as: record))
    default: return stored(scalar: value)
    }
  }

  private func stored(_ members: [Value.Member], as record: GoRecord) -> [Value.Member] {
    var stored: [Value.Member] = []
    for member in members where member.value != .null {
      guard let field = record[member.key] else {
        stored.append(member)
        continue
      }
      let value = place(of: field).stored(member.value)
      if !field.isLeftOut(value) { stored.append(Value.Member(key: member.key, value: value)) }
    }
    guard ServerDefaults.ownedAsAWhole.contains(record.name) else { return stored }
    for field in record.fields {
      guard case .value(let value)? = field.fallback else { continue }
      if stored.contains(where: { $0.key == field.name }) { continue }
      stored.append(Value.Member(key: field.name, value: value))
    }
    return stored
  }
}

extension GoRecord.Field {
  /// True for a value that the API server does not write.
  func isLeftOut(_ value: Value) -> Bool {
    switch shape {
    case .always(.record): value == [:]
    case .optional, .always: false
    default: GoRecord.Field.isZero(value)
    }
  }

  /// What the member says beyond what holds without it; nil where that is nothing.
  func said(_ value: Value, among members: [Value.Member]) -> Value? {
    if value == .null { return nil }
    if GoRecord.Field.isZero(value), !isPointer { return nil }
    func other(_ name: String) -> Value? { members.first { $0.key == name }?.value }
    switch fallback {
    case nil: return value
    case .value(let fallback)?: return value == fallback ? nil : value
    case .member(let name)?: return value == other(name) ? nil : value
    case .pullPolicy?:
      return other("image")?.string.map(ServerDefaults.pullPolicy) == value ? nil : value
    case .entries(let name)?:
      guard let entries = value.members, let others = other(name) else { return value }
      let place = PodPlace.amount
      let rest = entries.filter { entry in
        others[entry.key].map { place.stored(scalar: $0) } != place.stored(scalar: entry.value)
      }
      return rest.isEmpty ? nil : .object(rest)
    }
  }

  /// True where an object that says nothing is the same as none.
  var meansNothingEmpty: Bool {
    if case .value([:])? = fallback { return true }
    return !isPointer
  }

  private static func isZero(_ value: Value) -> Bool {
    switch value {
    case .string(let text): text.isEmpty
    case .number(let text): text == "0"
    case .bool(let truth): !truth
    case .array(let elements): elements.isEmpty
    case .object(let members): members.isEmpty
    case .null: true
    }
  }
}

extension PodPlace {
  fileprivate static let amount = PodPlace(.quantity)
}
