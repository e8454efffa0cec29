/// What a template takes from Vault, and what certainly goes wrong when it is filled in, as far as its text alone tells.
///
/// Only what is executed counts: a `define` that nothing calls reads nothing. Both branches of an `if` count.
///
/// ```swift
/// let use = TemplateUse(of: try AgentTemplate(Array(text.utf8)))
/// use.reads[0].path          // "secret/data/app"
/// use.reads[0].fields[0].names  // ["Data", "data", "password"]
/// ```
public struct TemplateUse: Equatable, Sendable {
  /// A call that fetches something.
  public struct Read: Equatable, Sendable {
    /// The function: `secret`, `secrets`, `pkiCert`, `file`, or one of Consul's and Nomad's, such as `key`.
    public let function: String
    /// Its first argument, which is a path in Vault for the first three; nil where it is computed or absent.
    public let path: String?
    /// What follows the path, such as `common_name=example.com`; nil for each that is computed.
    public let parameters: [String?]
    /// What is taken of the answer, in the order it is.
    public internal(set) var fields: [Field] = []
    /// What the template looks for in the answer, each as the names on the way to it: it does without what is not there.
    public internal(set) var lookedFor: [[String]] = []
    /// True where the agent comes to the call whenever the template can be filled in at all.
    public let isCertain: Bool
    /// The call, in the template's text.
    public let range: Range<Int>
    /// Its first argument, in the template's text; nil where there is none.
    public let pathRange: Range<Int>?

    /// The fields without which the file is not as it is meant, each once.
    public var neededFields: [[String]] {
      fields.filter { $0.isCertain && !lookedFor.contains($0.names) }.map(\.names).reduce(into: []) { needed, names in
        if !needed.contains(names) { needed.append(names) }
      }
    }
    /// Whether it asks Vault.
    public var asksVault: Bool { ["secret", "secrets", "pkiCert"].contains(function) }
    /// Whether it asks Consul or Nomad, which the agent of a pod is not connected to.
    public var asksConsul: Bool { TemplateFunction.named(function)?.origin == .consul }
    /// Whether Vault takes it for a write: parameters make it one, and each certificate is issued by one.
    public var writes: Bool { function == "pkiCert" || (function == "secret" && !parameters.isEmpty) }
    /// Whether it lists what is below the path.
    public var lists: Bool { function == "secrets" }
  }

  /// Something that is taken of an answer.
  public struct Field: Equatable, Sendable {
    /// The names on the way to it, `Data`, `data`, `password`; `*` for each of what is there.
    public let names: [String]
    /// True where it is taken whenever the file is filled in.
    public let isCertain: Bool
    /// Where it is taken, in the template's text.
    public let range: Range<Int>
  }

  /// A constant text that is put into the file.
  public struct Literal: Equatable, Sendable {
    /// What is put there.
    public let text: String
    /// The action, in the template's text.
    public let range: Range<Int>
  }

  /// Every call that fetches something, in the order it is executed.
  public let reads: [Read]
  /// What goes wrong when the template is filled in, in the order the agent comes to it.
  public let faults: [TemplateFault]
  /// Constant texts that are put into the file, such as those of `{{ "{{" }}`.
  public let literals: [Literal]
  /// Where a field is taken of nothing at all, such as `.Data` outside of any `with`.
  public let fieldsOfNothing: [Range<Int>]

  /// Goes through a template as the agent does, with every answer unknown.
  public init(of template: AgentTemplate) {
    var flow = TemplateFlow(template)
    flow.run()
    reads = flow.reads
    faults = flow.faults
    fieldsOfNothing = flow.fieldsOfNothing
    literals = flow.literals
  }

  /// What a default template reads: all of what is at a path.
  public init(ofDefaultTemplateAt path: String) {
    let all = Field(names: ["Data", "*"], isCertain: true, range: 0..<0)
    reads = [
      Read(
        function: "secret", path: path, parameters: [], fields: [all], isCertain: true, range: 0..<0, pathRange: nil)
    ]
    faults = []
    fieldsOfNothing = []
    literals = []
  }
}
