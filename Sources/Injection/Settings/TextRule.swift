internal import ManifestText

/// What a setting that is text may hold.
package enum TextRule: Equatable, Sendable {
  case anything
  case nonEmpty
  /// A URL of http or https, or nothing, which is refused where an injection needs one.
  case address
  case image
  /// An image, or nothing for the built-in one.
  case optionalImage
  /// Where an auth method is mounted, without `auth/`.
  case authPath
  /// A file on the secrets volume.
  case fileName
  /// A key of a ConfigMap or Secret, whose file is mounted under the same name.
  case key
  /// A length of time as Go spells it.
  case duration
  /// The mode of a file, in octal.
  case permissions
  /// The mode of a file, or nothing.
  case optionalPermissions
  /// A Kubernetes quantity.
  case quantity
  /// A Kubernetes quantity, or nothing.
  case optionalQuantity
  /// The part of an annotation's key before its slash, or nothing.
  case annotationPrefix

  /// What is wrong with a text; nil where nothing is.
  func fault(of text: String) -> SettingFault? {
    if text.isEmpty { return allowsEmpty ? nil : .empty }
    if self == .address, URLText(text).holdsCredentials { return .credentials }
    return accepts(Array(text.utf8), text) ? nil : .unfit(text)
  }

  private var allowsEmpty: Bool {
    switch self {
    case .anything, .address, .optionalImage, .optionalPermissions, .optionalQuantity, .annotationPrefix: true
    case .nonEmpty, .image, .authPath, .fileName, .key, .duration, .permissions, .quantity: false
    }
  }

  private func accepts(_ bytes: [UInt8], _ text: String) -> Bool {
    switch self {
    case .anything, .nonEmpty: true
    case .address: URLText(text).isAddress
    case .image, .optionalImage: !bytes.contains(where: ASCII.isWhite)
    case .authPath:
      !text.hasPrefix("auth/") && bytes.first != UInt8(ascii: "/") && !bytes.contains(where: ASCII.isWhite)
    case .fileName, .key: bytes.first != UInt8(ascii: "/") && !text.split(separator: "/").contains("..")
    case .duration: AmountText.isDuration(bytes)
    case .permissions, .optionalPermissions:
      (3...4).contains(bytes.count) && bytes.allSatisfy { (0x30...0x37).contains($0) }
    case .quantity, .optionalQuantity: AmountText.isQuantity(bytes)
    case .annotationPrefix:
      !bytes.contains { $0 == UInt8(ascii: "/") || ASCII.isWhite($0) } && bytes.contains(where: ASCII.isLetter)
    }
  }

  /// A text that is accepted; empty where any is.
  var example: String {
    switch self {
    case .anything, .nonEmpty: ""
    case .address: "https://vault.example.com:8200"
    case .image, .optionalImage: "registry.example.com/vault:2.0.4"
    case .authPath: "kubernetes-eu"
    case .fileName: "approle_roleid"
    case .key: "ca.crt"
    case .duration: "1h30m"
    case .permissions, .optionalPermissions: "0440"
    case .quantity, .optionalQuantity: "64Mi"
    case .annotationPrefix: "sidecar.vault.talend.org"
    }
  }

  /// What is accepted, to stand after "it has to be".
  var expectation: String {
    switch self {
    case .anything, .nonEmpty: "text"
    case .address: "a URL such as https://vault.example.com:8200"
    case .image, .optionalImage: "an image such as registry.example.com/vault:2.0.4"
    case .authPath: "the path the auth method is mounted at, without auth/ in front"
    case .fileName: "the name of a file on the secrets volume, such as approle_roleid"
    case .key: "a key of a ConfigMap or Secret, such as ca.crt"
    case .duration: "a duration such as 30s, 5m or 1h30m"
    case .permissions: "permissions in octal, such as 0644"
    case .optionalPermissions: "permissions in octal, such as 0644, or \"\" to leave it out"
    case .quantity: "a quantity such as 64Mi"
    case .optionalQuantity: "a quantity such as 100m or 64Mi, or \"\" to leave it out"
    case .annotationPrefix: "what stands before the slash in annotations, such as sidecar.vault.talend.org"
    }
  }
}

/// Amounts as Go and Kubernetes spell them.
private enum AmountText {
  /// Numbers with units, one after the other: `1h30m`, `1.5s`.
  static func isDuration(_ text: [UInt8]) -> Bool {
    var rest = text[...]
    repeat {
      guard takeNumber(from: &rest) else { return false }
      let unit = rest.prefix { !ASCII.isDigit($0) && $0 != ASCII.dot }
      guard ["ms", "s", "m", "h"].contains(String(decoding: unit, as: UTF8.self)) else { return false }
      rest = rest[unit.endIndex...]
    } while !rest.isEmpty
    return true
  }

  /// A number with at most one suffix: `0.5`, `100m`, `64Mi`, `1e3`.
  static func isQuantity(_ text: [UInt8]) -> Bool {
    var rest = text[...]
    guard takeNumber(from: &rest) else { return false }
    let suffix = String(decoding: rest, as: UTF8.self)
    return suffix.isEmpty || suffixes.contains(suffix) || isExponent(rest)
  }

  private static let suffixes = [
    "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei",
  ]

  private static func isExponent(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first, first | 0x20 == UInt8(ascii: "e") else { return false }
    var digits = text.dropFirst()
    if let sign = digits.first, sign == ASCII.plus || sign == ASCII.dash { digits = digits.dropFirst() }
    return !digits.isEmpty && digits.allSatisfy(ASCII.isDigit)
  }

  /// Takes digits with at most one point among them; false where there is no digit.
  private static func takeNumber(from rest: inout ArraySlice<UInt8>) -> Bool {
    let number = rest.prefix { ASCII.isDigit($0) || $0 == ASCII.dot }
    rest = rest[number.endIndex...]
    return number.contains(where: ASCII.isDigit) && number.count { $0 == ASCII.dot } <= 1
  }
}
