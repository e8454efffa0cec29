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
    let shape: Shape
    /// What the API server takes the member for where nothing is said; nil where it leaves it at that.
    let fallback: ServerDefaults.Fallback?

    fileprivate init(name: String, shape: Shape, fallback: ServerDefaults.Fallback?) {
      self.name = name
      self.shape = shape
      self.fallback = fallback
    }
  }

  /// The type's name in messages.
  let name: String
  let fields: [Field]
  private let places: [String: Int]

  init(_ name: String, _ fields: KeyValuePairs<String, Shape>) {
    self.name = name
    let fallbacks = ServerDefaults.fallbacks[name] ?? [:]
    self.fields = fields.map { Field(name: $0.key, shape: $0.value, fallback: fallbacks[$0.key]) }
    places = Dictionary(uniqueKeysWithValues: self.fields.enumerated().map { ($0.element.name, $0.offset) })
  }

  /// The member that is spelt so; nil for one that is not known here.
  subscript(name: String) -> Field? { places[name].map { fields[$0] } }

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
