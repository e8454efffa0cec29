internal import AgentTemplates
internal import ManifestText

/// A template that a pod brings: what the agent makes of it, and what is to be said of that.
struct TemplateReview {
  /// A template's text, and where it is written.
  struct Source {
    /// How the template is called, in words such as "the template of `db`".
    let name: String
    let text: String
    var delimiters = TemplateDelimiters.standard
    /// The scalar that the text is in, or a part of.
    let node: NodeID
    let document: Document
    /// Where the text begins in the scalar's.
    var offset = 0
    /// True where the agent stops at a value that is not there.
    var failsOnMissingKey = false
  }

  private let source: Source
  /// What the template reads; nil where it cannot be read itself.
  let use: TemplateUse?
  /// Why it cannot be read.
  private let fault: TemplateFault?

  init(_ source: Source) {
    self.source = source
    do throws(TemplateFault) {
      use = TemplateUse(of: try AgentTemplate(Array(source.text.utf8), delimiters: source.delimiters))
      fault = nil
    } catch {
      use = nil
      fault = error
    }
  }

  /// Where the text that the template is in, or a part of, is written.
  var range: Range<Int> { source.document.range(of: source.node) }

  /// Where some of the template's bytes are written.
  func place(_ range: Range<Int>) -> Range<Int> {
    let places = ScalarPlaces(of: source.node, in: source.document)
    return places.range(of: range.lowerBound + source.offset..<range.upperBound + source.offset)
  }

  /// What is said of the template whatever dialect it is for.
  func findings() -> [Diagnostic] {
    if let fault { return fault.stage == .unjudged ? [] : [syntax(fault)] }
    guard let use else { return [] }
    var findings = use.faults.prefix(3).map(execution)
    if let escape = helmEscape(use) {
      findings.append(escape)
    } else if let range = use.fieldsOfNothing.first {
      findings.append(fieldOfNothing(range))
    }
    for read in use.reads { findings += self.findings(on: read) }
    return findings
  }

  // MARK: Faults

  private func syntax(_ fault: TemplateFault) -> Diagnostic {
    Diagnostic(
      rule: .templateSyntax, message: "the agent cannot read \(source.name): \(fault.message) (`\(fault.agent)`)",
      hint: fault.hint, range: place(fault.range))
  }

  private func execution(_ fault: TemplateFault) -> Diagnostic {
    let isCertain = fault.stage == .execution
    return Diagnostic(
      as: isCertain ? .error : .warning, rule: .templateExecution,
      message: "\(source.name) fails \(isCertain ? "when" : "where") the agent fills it in: \(fault.message)"
        + " (`\(fault.agent)`)",
      hint: fault.hint, range: place(fault.range))
  }

  // MARK: Helm

  /// What Helm's escapes, or what Helm was to fill in, have left in the template.
  private func helmEscape(_ use: TemplateUse) -> Diagnostic? {
    if let escaped = use.literals.first(where: { isEscaped($0.text, use) }) {
      return Diagnostic(
        rule: .helmEscape,
        message: "\(source.name) writes `\(shown(escaped.text))` into the file as it stands, and does not execute it",
        hint: "these braces were escaped for Helm; without Helm, write the template itself", range: place(escaped.range)
      )
    }
    if let path = use.reads.first(where: { $0.path.map { ByteText.holds($0, "{{") } ?? false }) {
      return Diagnostic(
        rule: .helmEscape, message: "\(source.name) reads a path with braces in it, `\(path.path ?? "")`",
        hint: "a path is put together by printf: secret (printf \"secret/data/%s\" $name); Helm has not filled it in",
        range: place(path.pathRange ?? path.range))
    }
    let helm = use.fieldsOfNothing.first { range in
      ["Values.", "Release.", "Chart."].contains { ByteText.holds(spelling(range), "." + $0) }
    }
    return helm.map { range in
      Diagnostic(
        rule: .helmEscape, message: "`\(spelling(range))` is Helm's, and the agent knows nothing of it",
        hint: "let Helm fill it in before the template is handed over", range: place(range))
    }
  }

  private func isEscaped(_ text: String, _ use: TemplateUse) -> Bool {
    guard ByteText.holds(text, source.delimiters.left) else { return false }
    return use.reads.isEmpty || [".Data", "secret \"", "secret `"].contains { ByteText.holds(text, $0) }
  }

  private func shown(_ text: String) -> String {
    let line = text.split(separator: "\n").first.map(String.init) ?? text
    return line.unicodeScalars.count > 40 ? String(line.unicodeScalars.prefix(40)) + "…" : line
  }

  private func spelling(_ range: Range<Int>) -> String {
    String(decoding: Array(source.text.utf8)[range], as: UTF8.self)
  }

  private func fieldOfNothing(_ range: Range<Int>) -> Diagnostic {
    Diagnostic(
      as: source.failsOnMissingKey ? .error : nil, rule: .fieldOfNothing,
      message: "`\(spelling(range))` is taken of nothing, so that \(source.name) "
        + (source.failsOnMissingKey ? "fails" : "writes `<no value>`"),
      hint: "put it between {{ with secret \"PATH\" }} and {{ end }}, where the dot is the secret",
      range: place(range))
  }

  // MARK: Reads

  private func findings(on read: TemplateUse.Read) -> [Diagnostic] {
    if read.asksConsul {
      return [
        Diagnostic(
          rule: .asksConsul, message: "`\(read.function)` asks Consul or Nomad, which the agent is not connected to",
          hint: "the agent of a pod reads from Vault: secret \"PATH\"", range: place(read.range))
      ]
    }
    guard read.function == "secret", let text = read.path, !read.writes else { return [] }
    let path = VaultPath(text)
    if path.takesOnlyWrites {
      return [.readOfWritePath(text, in: source.name, at: place(read.pathRange ?? read.range))]
    }
    return kv(read, text, path).map { [$0] } ?? []
  }

  /// Where the fields are those of the other KV engine than the path's.
  private func kv(_ read: TemplateUse.Read, _ text: String, _ path: VaultPath) -> Diagnostic? {
    for field in read.fields where field.names.first == "Data" && field.names.count > 1 {
      let name = field.names[1]
      if name == "data", !path.isDataOfKV2, field.names.count > 2 {
        return Diagnostic(
          rule: .kvPath,
          message: "`.Data.data` is the second KV engine's, and the path `\(text)` has no `data/` after the engine's",
          hint:
            "write ENGINE/data/NAME, as the policy does; the agent puts data/ in only where it may ask for the engine",
          range: place(read.pathRange ?? read.range))
      }
      if path.isDataOfKV2, !["data", "metadata", "*"].contains(name) {
        return Diagnostic(
          rule: .kvPath,
          message: "`.Data.\(name)` is nothing at `\(text)`, where the second KV engine has its values in `.Data.data`",
          hint: "write .Data.data.\(name)", range: place(field.range))
      }
    }
    return nil
  }
}

extension Diagnostic {
  static func readOfWritePath(_ path: String, in template: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(
      rule: .readOfWritePath, message: "\(template) reads `\(path)`, where Vault only takes writes",
      hint: "give it parameters in a template, which make it a write: "
        + "secret \"\(path)\" \"common_name=web.example.com\", or pkiCert for a certificate", range: range)
  }
}
