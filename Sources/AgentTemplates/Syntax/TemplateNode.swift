/// A piece of a template, as Go's `text/template` has them; each knows where it stands in the template's text.
indirect enum TemplateNode: Sendable {
  /// Text that is copied.
  case text(Range<Int>)
  /// `{{ pipeline }}`
  case action(TemplatePipeline)
  /// `{{ if }}`, `{{ with }}` and `{{ range }}`, up to their `{{ end }}`.
  case branch(TemplateBranch)
  /// `{{ template "name" pipeline }}`, and what `{{ block }}` does where it stands.
  case template(name: String, TemplatePipeline?, Range<Int>)
  /// `{{ break }}` and `{{ continue }}`.
  case jump(Range<Int>)
}

/// `{{ if }}`, `{{ with }}` or `{{ range }}` with what is between it and its `{{ end }}`.
struct TemplateBranch: Sendable {
  enum Kind: String, Sendable { case `if`, with, range }

  let kind: Kind
  let pipeline: TemplatePipeline
  let body: [TemplateNode]
  /// What is after its `{{ else }}`.
  let otherwise: [TemplateNode]
}

/// Commands that hand their values on, `$x := command | command`.
struct TemplatePipeline: Sendable {
  let range: Range<Int>
  /// The variables it declares or assigns, with their `$`.
  let variables: [TemplateVariable]
  /// True for `=`, which changes a variable that there is already.
  let isAssignment: Bool
  /// Never empty.
  let commands: [TemplateCommand]
}

/// A variable where it is declared or assigned.
struct TemplateVariable: Sendable {
  let name: String
  let range: Range<Int>
}

/// A function or a value with its arguments.
struct TemplateCommand: Sendable {
  let range: Range<Int>
  /// Never empty; the first is called with the others.
  let operands: [TemplateOperand]
}

/// One word of a command.
struct TemplateOperand: Sendable {
  indirect enum Kind: Sendable {
    case function(String)
    case dot
    case null
    case boolean
    case number
    /// Its text; Go's texts may hold any bytes.
    case string(String)
    /// A variable, with its `$`.
    case variable(String)
    /// Another operand's fields, `.a.b`; for those of the dot itself the operand is `dot`.
    case fields(of: TemplateOperand, [String])
    case pipeline(TemplatePipeline)
  }

  let kind: Kind
  let range: Range<Int>
}
