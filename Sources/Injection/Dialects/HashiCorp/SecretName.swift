internal import ManifestText

/// What stands for a file of secrets in the keys of its annotations.
enum SecretName {
  /// What is left of the API server's 63 characters after the longest key.
  private static let longest = 63 - HashiCorpTable.template.row.key(of: "").utf8.count

  /// A name for a file that no other has, which is one of the names from then on.
  static func fitting(_ file: String, among names: inout Set<String>) -> String {
    let base = fitted(file)
    for number in 2... {
      let suffix = number == 2 ? "" : "-\(number - 1)"
      let name = fitted(String(base.prefix(longest - suffix.utf8.count))) + suffix
      if names.insert(name).inserted { return name }
    }
    return base
  }

  /// Lower-case letters, digits, dots, dashes and underscores, one of the first two at the end.
  private static func fitted(_ text: String) -> String {
    let letters = text.unicodeScalars.map { scalar in
      switch scalar {
      case "a"..."z", "0"..."9", ".", "-", "_": String(scalar)
      case "A"..."Z": String(scalar).lowercased()
      default: "-"
      }
    }
    var name = letters.joined()
    // The annotation of a template in a file begins like that of a template.
    if name.hasPrefix("file-") { name = "secret-" + name }
    name = String(name.prefix(longest))
    while let last = name.last, !last.isLetter && !last.isNumber { name.removeLast() }
    return name.isEmpty ? "secret" : name
  }
}
