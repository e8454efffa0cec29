internal import ManifestText

/// A Go struct as its JSON decoder sees it: members of certain shapes, in order; others are dropped.
///
/// One of its kind is shared by all who ask for it: digests ask for very many.
final class GoRecord: Sendable {
  /// What a member holds.
  indirect enum Shape: Sendable {
    case text
    case flag
    case integer(bits: Int)
    /// An amount, whose text Kubernetes puts into canonical form.
    case quantity
    case integerOrText
    case list(Shape)
    case map(Shape)
    case record(GoRecord)
    /// Something that is there or not: it is written even where it is zero.
    case optional(Shape)
    /// Something that is always written.
    case always(Shape)
  }

  /// One member.
  final class Field: Sendable {
    let name: String
    fileprivate let spelling: [UInt8]
    let shape: Shape
    /// What the API server takes the member for where nothing is said; nil where it leaves it at that.
    let fallback: ServerDefaults.Fallback?
    /// The place of its value.
    let place: PodPlace
    /// True for something that is there or not, also where it is zero.
    let isPointer: Bool

    fileprivate init(name: String, shape: Shape, fallback: ServerDefaults.Fallback?) {
      self.name = name
      spelling = Array(name.utf8)
      self.shape = shape
      self.fallback = fallback
      place = PodPlace(shape)
      isPointer = if case .optional = shape { true } else { false }
    }
  }

  /// The type's name in messages.
  let name: String
  let fields: [Field]
  /// Where the fields are: each in the slot that its name chooses, or in the next one that is free; nil where none is.
  private let slots: [Field?]

  init(_ name: String, _ fields: KeyValuePairs<String, Shape>) {
    self.name = name
    let fallbacks = ServerDefaults.fallbacks[name] ?? [:]
    self.fields = fields.map { Field(name: $0.key, shape: $0.value, fallback: fallbacks[$0.key]) }
    precondition(fields.count < GoRecord.slotCount, "more fields than slots")
    slots = self.fields.reduce(into: Array(repeating: nil, count: GoRecord.slotCount)) { slots, field in
      var slot = unsafe field.spelling.withUnsafeBufferPointer { unsafe GoRecord.slot(of: $0) }
      while let other = slots[slot] {
        precondition(other.name != field.name, "a field stands twice")
        slot = (slot + 1) % GoRecord.slotCount
      }
      slots[slot] = field
    }
  }

  /// The member that is spelt so; nil for one that is not known here.
  subscript(name: String) -> Field? {
    var name = name
    return name.withUTF8 { name in
      var slot = unsafe GoRecord.slot(of: name)
      while let field = slots[slot] {
        if unsafe ByteText.isEqual(field.spelling, name) { return field }
        slot = (slot + 1) % GoRecord.slotCount
      }
      return nil
    }
  }

  /// More than any type has fields, so that every search comes to an end.
  private static let slotCount = 128

  private static func slot(of name: UnsafeBufferPointer<UInt8>) -> Int {
    guard let first = unsafe name.first, let last = unsafe name.last else { return 0 }
    return (Int(first) &* 7 &+ Int(last) &* 3 &+ name.count) & (slotCount - 1)
  }

  /// The member a key means: one spelt like it, or else one spelt like it in other letter case.
  func field(named key: String) -> Field? {
    fields.first { $0.name == key } ?? fields.first { GoRecord.folded($0.name) == GoRecord.folded(key) }
  }

  /// Two letters beyond ASCII count as the same as an ASCII one.
  private static func folded(_ key: String) -> String {
    key.unicodeScalars.reduce(into: "") { folded, scalar in
      switch scalar {
      case "\u{17F}": folded += "s"
      case "\u{212A}": folded += "k"
      case "A"..."Z": folded.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value) + 0x20))
      default: folded.unicodeScalars.append(scalar)
      }
    }
  }
}

extension GoRecord.Shape {
  /// What Go calls the type in messages.
  var typeName: String {
    switch self {
    case .text: "string"
    case .flag: "bool"
    case .integer(let bits): "int\(bits)"
    case .quantity: "resource.Quantity"
    case .integerOrText: "intstr.IntOrString"
    case .list(let element): "[]\(element.typeName)"
    case .map(let element): "map[string]\(element.typeName)"
    case .record(let record): record.name
    case .optional(let shape), .always(let shape): shape.typeName
    }
  }
}

/// What the API server writes into pods where nothing is said, by the type of object it writes it into.
///
/// It means the same there or not, so what was injected is still what was injected when it comes back from a cluster.
enum ServerDefaults {
  /// What a member stands for where it is left out.
  enum Fallback: Sendable {
    case value(Value)
    /// The value of another member.
    case member(String)
    /// In each entry, the value that another member has there.
    case entries(of: String)
    /// `Always` or `IfNotPresent`, as the image's tag has it.
    case pullPolicy
  }

  private static let fileMode = ["defaultMode": Fallback.value(420)]

  static let fallbacks: [String: [String: Fallback]] = [
    "v1.PodSpec": [
      "restartPolicy": .value("Always"), "terminationGracePeriodSeconds": .value(30),
      "dnsPolicy": .value("ClusterFirst"), "schedulerName": .value("default-scheduler"),
      "enableServiceLinks": .value(true), "serviceAccount": .member("serviceAccountName"),
    ],
    "v1.Container": [
      "terminationMessagePath": .value("/dev/termination-log"), "terminationMessagePolicy": .value("File"),
      "imagePullPolicy": .pullPolicy, "securityContext": .value([:]), "lifecycle": .value([:]),
    ],
    "v1.ContainerPort": ["protocol": .value("TCP")],
    "v1.ObjectFieldSelector": ["apiVersion": .value("v1")],
    "v1.ResourceFieldSelector": ["divisor": .value("0")],
    "v1.FileKeySelector": ["optional": .value(false)],
    "v1.ResourceRequirements": ["requests": .entries(of: "limits")],
    "v1.Probe": [
      "timeoutSeconds": .value(1), "periodSeconds": .value(10), "successThreshold": .value(1),
      "failureThreshold": .value(3),
    ],
    "v1.HTTPGetAction": ["path": .value("/"), "scheme": .value("HTTP")],
    "v1.GRPCAction": ["service": .value("")],
    "v1.SecurityContext": ["procMount": .value("Default")],
    "v1.Volume": ["emptyDir": .value([:])],
    "v1.HostPathVolumeSource": ["type": .value("")],
    "v1.SecretVolumeSource": fileMode, "v1.ConfigMapVolumeSource": fileMode,
    "v1.DownwardAPIVolumeSource": fileMode, "v1.ProjectedVolumeSource": fileMode,
    "v1.ServiceAccountTokenProjection": ["expirationSeconds": .value(3600)],
  ]

  /// The types that field managers own as a whole, or that stand in lists they own as a whole: there, a value that is
  /// filled in is a difference between what was applied and what is stored.
  static let ownedAsAWhole: Set = [
    "v1.ObjectFieldSelector", "v1.ResourceFieldSelector", "v1.FileKeySelector", "v1.ServiceAccountTokenProjection",
  ]

  private static let latest = Array(":latest".utf8)

  /// What an image is pulled by where nothing is said.
  static func pullPolicy(ofImage image: String) -> Value {
    let bytes = Array(image.utf8)
    let name = bytes.split(separator: UInt8(ascii: "/")).last ?? []
    let isLatest =
      !bytes.contains(UInt8(ascii: "@"))
      && (!name.contains(ASCII.colon) || name.suffix(latest.count).elementsEqual(latest))
    return isLatest ? "Always" : "IfNotPresent"
  }
}
