internal import AgentTemplates
internal import ManifestText
internal import Workloads

/// The templates of a pod's secrets: whether the agent can read them, and whether they read what was meant.
struct HashiCorpTemplates {
  private let pod: HashiCorpPod
  private let volumes: HashiCorpVolumes

  init(_ pod: HashiCorpPod, _ volumes: HashiCorpVolumes) {
    self.pod = pod
    self.volumes = volumes
  }

  /// What is to be said of them; nothing where no agent renders them.
  func findings() throws(Diagnostic) -> [Diagnostic] {
    guard pod.configMap == nil, pod.runsInitContainer || pod.runsSidecar else { return [] }
    var findings: [Diagnostic] = []
    var written: [(HashiCorpSecret, TemplateUse)] = []
    for secret in pod.secrets {
      if let review = pod.review(of: secret) {
        let found = review.findings()
        findings += found
        if let use = review.use {
          // What is not executed reads nothing, whatever was meant.
          if !found.contains(where: { $0.rule == .helmEscape }) { findings += path(of: secret, use) }
          written.append((secret, use))
        }
      } else if secret.templateFile.isEmpty {
        findings += defaultTemplate(of: secret)
      } else {
        findings += try templateFile(of: secret)
      }
    }
    return findings + strangers(written) + mapsOfKV2()
  }

  // MARK: Templates of the pod's own

  /// What is said where a secret's path is another than those its template reads: only the template counts.
  private func path(of secret: HashiCorpSecret, _ use: TemplateUse) -> [Diagnostic] {
    let row = HashiCorpTable.secret.row
    guard !secret.path.isEmpty, let found = pod.annotations.located(row, secret.name) else { return [] }
    let reads = use.reads.filter(\.asksVault)
    let paths = reads.compactMap(\.path)
    let path = secret.words
    guard paths.count == reads.count, !paths.contains(where: { path.isSame(as: VaultPath($0)) }) else { return [] }
    let read = paths.isEmpty ? "nothing in Vault" : paths.map { "`\($0)`" }.joined(separator: ", ")
    return [
      Diagnostic(
        rule: .templatePath, message: "`\(secret.path)` is not read: the template of `\(secret.name)` reads \(read)",
        hint: "only the template counts; write the same path in both, or leave \(row.key(of: secret.name)) out",
        range: found.range)
    ]
  }

  /// Templates that make a file of their own, beside a secret for which they seem to be meant.
  private func strangers(_ written: [(HashiCorpSecret, TemplateUse)]) -> [Diagnostic] {
    let bare = pod.secrets.filter { $0.usesDefaultTemplate }
    guard !bare.isEmpty else { return [] }
    return written.compactMap { secret, use in
      guard secret.path.isEmpty else { return nil }
      let meant = bare.first { candidate in
        use.reads.contains { $0.path.map { VaultPath($0).isSame(as: candidate.words) } ?? false }
      }
      return meant.map { .stranger(secret, besides: $0) }
    }
  }

  // MARK: Default templates

  private func defaultTemplate(of secret: HashiCorpSecret) -> [Diagnostic] {
    guard secret.delimiters == .standard else {
      return [.uselessDelimiters(of: secret, at: delimiterPlace(secret))]
    }
    var findings: [Diagnostic] = []
    if let fault = fault(ofDefaultTemplateAt: secret) {
      findings.append(fault)
    } else if secret.words.takesOnlyWrites {
      findings.append(.readOfWritePath(secret.path, in: "the default template of `\(secret.name)`", at: secret.place))
    }
    return findings
  }

  /// Said once, however many secrets it is so for.
  private func mapsOfKV2() -> [Diagnostic] {
    guard pod.request.defaultTemplate == .map else { return [] }
    let secrets = pod.secrets.filter {
      $0.usesDefaultTemplate && $0.delimiters == .standard && $0.words.isDataOfKV2
    }
    guard let first = secrets.first else { return [] }
    return [.mapsOfKV2(secrets.map(\.name), at: first.place)]
  }

  private func delimiterPlace(_ secret: HashiCorpSecret) -> Range<Int> {
    let rows = [HashiCorpTable.leftDelimiter.row, HashiCorpTable.rightDelimiter.row]
    return rows.compactMap { pod.annotations.located($0, secret.name)?.range }.first ?? secret.place
  }

  /// A path is put between quotes as it is; few have anything that could end these.
  private func fault(ofDefaultTemplateAt secret: HashiCorpSecret) -> Diagnostic? {
    let isPlain = ByteText.Traits(secret.path).isDisjoint(with: [.doubleQuoteOrBackslash, .lineFeed])
    guard !isPlain else { return nil }
    let text = pod.request.defaultTemplate.text(secret.path)
    do throws(TemplateFault) {
      _ = try AgentTemplate(Array(text.utf8))
      return nil
    } catch {
      return .unfitPath(secret, error)
    }
  }

  // MARK: Files

  /// A template in a file that nothing mounts in the agents.
  private func templateFile(of secret: HashiCorpSecret) throws(Diagnostic) -> [Diagnostic] {
    let isPatched = pod.patches.initContainer != nil || pod.patches.sidecar != nil
    let image = pod.annotations.located(HashiCorpTable.image.row)
    let file = GoText.cleaned(secret.templateFile)
    let mounts = try volumes.agentMounts(isSidecar: pod.runsSidecar).compactMap { $0["mountPath"]?.string }
    let isMounted = mounts.contains { file == $0 || file.hasPrefix(GoText.cleaned($0) + "/") }
    guard !isPatched, image == nil, !isMounted, file.hasPrefix("/") else { return [] }
    let row = HashiCorpTable.templateFile.row
    return [
      Diagnostic(
        rule: .templateFileNotMounted, message: "nothing is mounted in the agents at `\(secret.templateFile)`",
        hint: "mount it with agent-copy-volume-mounts or agent-extra-secret, or write the template into "
          + HashiCorpTable.template.row.key(of: secret.name),
        range: pod.annotations.place(row, secret.name))
    ]
  }
}

extension HashiCorpPod {
  /// The template that the pod brings for a secret; nil where it brings none, or a file.
  func review(of secret: HashiCorpSecret) -> TemplateReview? {
    let row = HashiCorpTable.template.row
    guard !secret.template.isEmpty, let found = annotations.located(row, secret.name) else { return nil }
    return TemplateReview(
      TemplateReview.Source(
        name: "the template of `\(secret.name)`", text: found.text, delimiters: secret.delimiters, node: found.node,
        document: template.document, failsOnMissingKey: secret.failsOnMissingKey))
  }
}

extension HashiCorpSecret {
  /// What the template has around its actions.
  var delimiters: TemplateDelimiters { TemplateDelimiters(left: leftDelimiter, right: rightDelimiter) }
}

extension Diagnostic {
  fileprivate static func stranger(_ template: HashiCorpSecret, besides secret: HashiCorpSecret) -> Diagnostic {
    let key = HashiCorpTable.template.row
    return Diagnostic(
      rule: .templateWithoutSecret,
      message: "`\(key.key(of: template.name))` makes a file of its own, and `\(secret.name)` has no template",
      hint: "both read `\(secret.path)`; if it is meant for `\(secret.name)`, call it \(key.key(of: secret.name))",
      range: template.place)
  }

  fileprivate static func uselessDelimiters(of secret: HashiCorpSecret, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .delimitersWithoutTemplate,
      message:
        "`\(secret.name)` has delimiters and no template: the default template is written into the file as it is",
      hint: "the default template's delimiters are {{ and }}; leave these out, or bring a template", range: range)
  }

  fileprivate static func mapsOfKV2(_ names: [String], at range: Range<Int>) -> Diagnostic {
    let shown = names.map { "`\($0)`" }.listed(first: 3)
    return Diagnostic(
      rule: .defaultTemplateMap,
      message: "the default template of \(shown) writes `data: map[…]`, "
        + "as the second KV engine has the values in `.Data.data`",
      hint: "set agent-inject-default-template: json, or bring a template", range: range)
  }

  fileprivate static func unfitPath(_ secret: HashiCorpSecret, _ fault: TemplateFault) -> Diagnostic {
    Diagnostic(
      rule: .templateSyntax,
      message: "the path of `\(secret.name)` breaks the default template, which has it between quotes: "
        + "\(fault.message) (`\(fault.agent)`)",
      hint: "write the path on one line, without quotes and backslashes", range: secret.place)
  }
}
