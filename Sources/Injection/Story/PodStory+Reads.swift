internal import AgentTemplates

extension PodStory {
  /// Something that is read to write a file.
  package struct Read: Equatable, Sendable {
    /// The function that reads it, such as `secret`.
    package let function: String
    /// Its path; nil where the template computes it.
    package let path: String?
    /// What is taken of the answer, such as `Data.data.password`, each once.
    package let fields: [String]
    /// True where Vault takes it for a write.
    package let writes: Bool
    /// False where it is read only if some condition holds.
    package let isCertain: Bool
  }
}

extension [PodStory.Read] {
  /// What the default template reads at a path.
  init(defaultAt path: String) { self.init(TemplateUse(ofDefaultTemplateAt: path)) }

  /// What a template reads; nothing where the agent cannot read the template, which a finding says.
  init(of template: String, _ delimiters: TemplateDelimiters = .standard) {
    guard let template = try? AgentTemplate([UInt8](template.utf8), delimiters: delimiters) else {
      self = []
      return
    }
    self.init(TemplateUse(of: template))
  }

  private init(_ use: TemplateUse) {
    self = use.reads.map { read in
      let fields = read.fields.map { $0.names.joined(separator: ".") }.reduce(into: [String]()) { fields, field in
        if !fields.contains(field) { fields.append(field) }
      }
      return PodStory.Read(
        function: read.function, path: read.path, fields: fields, writes: read.writes, isCertain: read.isCertain)
    }
  }
}
