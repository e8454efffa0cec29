internal import ManifestText

/// 64 bits that stand for a value's meaning: the same for every spelling and every order of its keys.
///
/// They tell what was changed by hand; they do not protect against malicious changes.
struct Digest: Hashable, Sendable {
  let bits: UInt64

  private init(bits: UInt64) { self.bits = bits }

  /// The digest of what a value means to Kubernetes at its place, entries with one of the `omitted` keys left out
  /// wherever they are.
  init(
    _ value: Value, at place: PodPlace, omitting omitted: [String] = [], knowing constants: ConstantDigests = .none
  ) {
    bits = Reading(omitted: omitted, constants: omitted.isEmpty ? constants : .none).bits(of: value, at: place)
  }

  /// The digest of a value by itself, wherever it stands.
  init(bare value: Value) { bits = Digest.bits(of: value) }

  /// The digest of some text.
  init(bytes: some Sequence<UInt8>) {
    if let whole = bytes.withContiguousStorageIfAvailable({ unsafe Digest.bits(of: $0, kind: 7) }) {
      bits = whole
    } else {
      bits = unsafe Array(bytes).withUnsafeBufferPointer { unsafe Digest.bits(of: $0, kind: 7) }
    }
  }
}

extension Digest {
  private static let first: UInt64 = 0x9E37_79B9_7F4A_7C15
  private static let second: UInt64 = 0xD6E8_FEB8_6659_FD93

  private static func mixed(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = (a ^ first).multipliedFullWidth(by: b ^ second)
    return product.high ^ product.low
  }

  /// How values are looked at.
  private struct Reading {
    let omitted: [String]
    let constants: ConstantDigests

    func bits(of value: Value, at place: PodPlace) -> UInt64 {
      switch value {
      case .array(let elements): constants.bits(of: value) { bits(of: elements, at: place) }
      case .object(let members): constants.bits(of: value) { bits(of: members, at: place) }
      default: Digest.bits(of: place.stored(scalar: value))
      }
    }

    /// Kinds are told apart by a number.
    private func bits(of elements: [Value], at place: PodPlace) -> UInt64 {
      let hasOrder = place.hasOrder
      var count: UInt64 = 0
      var sum: UInt64 = 0
      let elements = elements.span
      for index in elements.indices where !place.isAdmitted(elements[index]) {
        let bits = bits(of: elements[index], at: place.element(index))
        sum = hasOrder ? mixed(sum, bits) : sum &+ mixed(7, bits)
        count += 1
      }
      return mixed(5, mixed(sum, count))
    }

    /// Adds up the members that say something beyond what holds without them, so that their order makes no difference.
    private func bits(of members: [Value.Member], at place: PodPlace) -> UInt64 {
      let record = place.record
      var sum: UInt64 = 0
      for member in members {
        if member.value == .null || !omitted.isEmpty && omitted.contains(member.key) { continue }
        let field = record?[member.key]
        guard let said = field.map({ $0.said(member.value, among: members) }) ?? member.value else { continue }
        let inner = field.map(place.place) ?? place.entry(member.key)
        if case .array(let elements) = said, !elements.isEmpty, elements.allSatisfy(inner.isAdmitted) { continue }
        let bits = bits(of: said, at: inner)
        if bits == Reading.nothing, field?.meansNothingEmpty ?? false { continue }
        sum &+= mixed(Digest.bits(of: member.key, kind: 4), bits)
      }
      return mixed(6, sum)
    }

    /// The bits of an object none of whose members says anything.
    private static let nothing = mixed(6, 0)
  }

  private static func bits(of value: Value) -> UInt64 {
    switch value {
    case .null: mixed(1, 0)
    case .bool(let truth): mixed(2, truth ? 1 : 0)
    case .number(let text): bits(of: text, kind: 3)
    case .string(let text): bits(of: text, kind: 4)
    case .array(let elements): mixed(5, elements.reduce(UInt64(elements.count)) { mixed($0, bits(of: $1)) })
    case .object(let members):
      mixed(6, members.reduce(0) { $0 &+ mixed(bits(of: $1.key, kind: 4), bits(of: $1.value)) })
    }
  }

  private static func bits(of text: String, kind: UInt64) -> UInt64 {
    var text = text
    return text.withUTF8 { unsafe bits(of: $0, kind: kind) }
  }

  private static func bits(of bytes: UnsafeBufferPointer<UInt8>, kind: UInt64) -> UInt64 {
    var sum = mixed(kind, UInt64(bytes.count))
    let raw = UnsafeRawBufferPointer(bytes)
    var index = 0
    while index + 8 <= raw.count {
      let word = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      sum = mixed(sum ^ UInt64(littleEndian: word), first)
      index += 8
    }
    var rest: UInt64 = 0
    while index < raw.count {
      rest = unsafe rest << 8 | UInt64(raw[index])
      index += 1
    }
    return mixed(sum, rest)
  }
}
