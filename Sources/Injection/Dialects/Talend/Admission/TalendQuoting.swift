internal import ManifestText

/// How CEL quotes what a pod brings, as the code that injects does; what becomes of a character is asked of that.
enum TalendQuoting {
  /// A character that stands for a `$` which is to be spelt as an escape, until all others are.
  ///
  /// HCL keeps it to itself, so that no text has a use for it; one that holds it is refused.
  static let spare = HCLText.reserved

  /// A text between the double quotes of HCL (``HCLText/escaped(_:)``), without the double quotes.
  static func hcl(_ text: String) -> String { replaced(text, hclReplacements) }

  /// What is replaced by what for that, one after another.
  static var hclReplacements: [(String, String)] {
    let spare = String(self.spare)
    let doubled = spare + spare
    var replacements = [("$$", doubled), (spare + "$", doubled)]
    for substitution in HCLText.substitutions where substitution != "$$" {
      replacements.append((substitution, spare + substitution.dropFirst()))
    }
    replacements += ["\\", "\"", "\n", "\t", "\r"].map { ($0, HCLText.escaped($0)) }
    replacements.append((spare, String(HCLText.escaped("$$").dropLast(HCLText.escaped("$$").count / 2))))
    return replacements
  }

  /// A text between the double quotes of a template (``GoTemplateText/escaped(_:)``).
  static func template(_ text: String) -> String {
    replaced(text, templateReplacements)
  }

  static var templateReplacements: [(String, String)] {
    ["\\", "\""].map { ($0, GoTemplateText.escaped($0)) }
  }

  /// An argument of a probe (``StartupProbe/unexpanded(_:)``).
  static func probe(_ text: String) -> String {
    "(\(holdsOne(of: StartupProbe.replaced, text)) ? \(replaced(text, [("$", "$$")])) : \(text))"
  }

  /// The contents of a file (``HCLText/literal(lines:)``): as a here-document, or quoted where that is not safe.
  static func contents(_ text: String) -> String {
    let mark = "VAULTINJECTCONTENTS"
    let hereDocument = CELTree(text: HCLText.literal(lines: mark), [CELMark(mark, text)])
    let prefix = "\r"
    let asked = HCLText.literal(lines: prefix + mark)
    let pieces = ByteText.pieces(of: asked, around: HCLText.escaped(prefix))
    precondition(pieces.count == 2, "a quoted text does not begin with what its first character is spelt as")
    let quoted = CELTree(text: pieces.joined(), [CELMark(mark, hcl(text))])
    return "\(isUnsafe(text))\n  ? \(quoted.expression(indent: 2))\n  : \(hereDocument.expression(indent: 2))"
  }

  /// True for a text that cannot stand in a here-document.
  private static func isUnsafe(_ text: String) -> String {
    let marker = HCLText.marker
    let line = "(^|\n)[ \t]*\(marker)(\n|$)"
    return holdsOne(of: HCLText.substitutions + ["\r"], text)
      + " || \(text).contains(\(CELText.string(marker))) && \(text).matches(\(CELText.string(line)))"
  }

  private static func holdsOne(of marks: [String], _ text: String) -> String {
    marks.map { "\(text).contains(\(CELText.string($0)))" }.joined(separator: " || ")
  }

  private static func replaced(_ text: String, _ replacements: [(String, String)]) -> String {
    text + replacements.map { ".replace(\(CELText.string($0)), \(CELText.string($1)))" }.joined()
  }
}
