/// Options spelt as kubectl and Helm take them and ArgumentParser does not: `-oyaml`, `--recursive=true`, `--name=`.
struct KubectlSpelling {
  private let options: [ArgumentDeclaration]

  /// The words with each such option as the parser has it; nil where there is none.
  static func separated(_ words: [String], of root: CommandTree) -> [String]? {
    let spelling = KubectlSpelling(options: CommandLineCursor(root, words: words).options)
    let end = words.firstIndex(of: "--") ?? words.endIndex
    let separated = words[..<end].flatMap(spelling.separated) + words[end...]
    return separated == words ? nil : separated
  }

  /// True where an option is spelt with an empty value, in whose place the parser would take the word that follows.
  static func hasEmptyValue(_ words: [String]) -> Bool {
    words.prefix { $0 != "--" }.contains { $0.hasPrefix("--") && $0.utf8.last == UInt8(ascii: "=") }
  }

  private func separated(_ word: String) -> [String] {
    guard word.hasPrefix("-"), word.utf8.count > 2 else { return [word] }
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if let flag = option(parts[0]), flag.kind == .flag, parts.count == 2 {
      return parts[1] == "true" ? [parts[0]] : parts[1] == "false" ? [] : [word]
    }
    if parts.count == 2, parts[1].isEmpty, option(parts[0])?.kind == .option { return parts }
    // Who writes -namespace means the long option.
    return word.hasPrefix("--") || option("-" + parts[0]) != nil ? [word] : letters(word)
  }

  /// Letters after one dash, the last of which takes what is left as its value.
  private func letters(_ word: String) -> [String] {
    for index in word.indices.dropFirst() {
      guard let option = option("-\(word[index])") else { return [word] }
      let rest = word[index...].dropFirst()
      if option.kind == .option, !rest.isEmpty {
        return [String(word[...index]), String(rest.first == "=" ? rest.dropFirst() : rest)]
      }
    }
    return [word]
  }

  private func option(_ name: String) -> ArgumentDeclaration? { options.first { $0.names.contains(name) } }
}
