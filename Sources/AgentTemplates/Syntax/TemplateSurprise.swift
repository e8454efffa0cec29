/// What is said of a word that does not belong where it stands.
struct TemplateSurprise {
  let message: String
  let hint: String?

  init(_ token: TemplateToken, _ spelling: String, in context: String) {
    switch token.kind {
    case .keyword(let keyword) where context == "input":
      message = "`else \(spelling)` continues \(keyword == .if ? "an if" : "a with"), and this is another block"
      hint = "write an else, and inside of it a block of its own"
    case .keyword:
      message = "`\(spelling)` begins an action of its own, and stands inside of another"
      hint = nil
    case .character:
      message = "`\(spelling)` means nothing in an action"
      hint = TemplateSurprise.hints[spelling]
    case .rightDelimiter:
      message = "this action ends too early"
      hint = context.hasSuffix("clause") ? "a name in double quotes is missing" : nil
    case .end:
      message = "the text ends too early"
      hint = nil
    default:
      message = "`\(spelling)` does not belong here"
      hint = context == "operand" ? "words are separated by spaces" : nil
    }
  }

  /// What people mean by characters that templates do not know.
  private static let hints = [
    "{": "an action begins with two braces; braces before or after it are written {{ \"{\" }}",
    "}": "an action ends with two braces; braces before or after it are written {{ \"}\" }}",
    ",": "arguments are separated by spaces",
    "/": "a path stands in double quotes: \"secret/data/app\"",
    "[": "an element is index LIST 0, and an entry is index MAP \"key\"",
    "]": "an element is index LIST 0, and an entry is index MAP \"key\"",
    "&": "both is written and A B", "!": "the opposite is written not A, and unequal ne A B",
    "<": "less is written lt A B", ">": "greater is written gt A B", "*": "a product is written multiply A B",
    "%": "a remainder is written modulo A B", "\\": "quotes need no backslash in a template",
    "=": "equal is written eq A B", "@": "a name with @ is an entry: index MAP \"key\"",
  ]

  /// Functions that only Helm has.
  static let helmFunctions: Set = ["include", "tpl", "required", "lookup"]
}
