internal import ManifestText

extension TalendAgents {
  /// Holds what the answers were put together to against what the code gives for pods of every kind.
  /// - Throws: A `Diagnostic` where they differ, which would be a fault of this program.
  func check(_ trees: Trees) throws(Diagnostic) {
    if !variants.allSatisfy({ isSame($0, trees) }) { throw .policyInjectsOtherwise }
  }

  /// Pods of every kind, with no file, one and two.
  private var variants: [TalendNeeds] {
    (0..<192).map { number in
      let (files, bits) = (number % 3, number / 3)
      return needs {
        $0.files = Array(repeating: Self.file, count: files)
        if bits & 1 != 0 { $0.proxyPort = nil }
        $0.isNative = bits & 2 != 0
        if bits & 4 != 0 { $0.rendering = .once }
        $0.bringsSecrets = bits & 8 != 0
        $0.mountsSecrets = bits & 16 != 0
        if bits & 32 != 0 {
          $0.agentToken = BuiltInVolumes.token
          for index in $0.files.indices { $0.files[index].command = "" }
        }
        // Only the probe of a native sidecar asks for the number.
        if $0.isNative, $0.proxyPort != nil { $0.proxyPort = bits & 32 != 0 ? "80" : "65535" }
      }
    }
  }

  private func isSame(_ needs: TalendNeeds, _ trees: Trees) -> Bool {
    let answers = answers(needs, trees)
    let brought = containers.brought(for: needs)
    return brought.initContainers == (needs.runsInitAgent ? [trees.initAgent.value(answers)] : [])
      && brought.sidecars == (needs.runsAgent ? [trees.agent.value(answers)] : [])
      && .array(brought.volumes) == trees.volumes.value(answers)
  }

  /// What the variables of a policy give for a pod.
  private func answers(_ needs: TalendNeeds, _ trees: Trees) -> CELAnswers {
    var answers = facts(needs)
    let stanza = trees.stanza.value(answers)?.string ?? ""
    answers.texts[Told.stanzas] = String(repeating: stanza, count: needs.files.count)
    for (name, configuration, script) in [
      (Self.agentName, trees.configuration, trees.script),
      (Self.initAgentName, trees.initConfiguration, trees.initScript),
    ] {
      let told = Told.script(name)
      let text = configuration.value(answers)?.string
      answers.texts[told.configuration.expression] = text
      answers.texts[told.end.expression] = text.map(AgentScript.mark)
      answers.texts[told.text] = script.value(answers)?.string
    }
    answers.values[Told.probe] = trees.probe.value(answers)
    return answers
  }

  private func facts(_ needs: TalendNeeds) -> CELAnswers {
    var answers = CELAnswers()
    for (condition, holds) in [
      (When.keepsFiles, needs.keepsFiles), (When.wantsProxy, needs.proxyPort != nil), (When.isNative, needs.isNative),
      (When.hasCommand, needs.files.contains { !$0.command.isEmpty }),
      (When.runsAny, needs.runsAgent || needs.runsInitAgent),
      (When.lacksSecretsVolume, (needs.usesSecrets || needs.mountsSecrets) && !needs.bringsSecrets),
      (When.lacksToken, needs.agentToken == BuiltInVolumes.token),
      (When.awaitsOne, !needs.keepsFiles || needs.files.count == 1),
    ] where holds { answers.conditions.insert(condition) }
    for mark in [Told.role, Told.image, Told.destination, Told.command] { answers.texts[mark.expression] = mark.text }
    answers.texts[Told.contents.expression] = HCLText.literal(lines: Told.contents.text)
    answers.texts[Told.tokenVolume.expression] = needs.agentToken
    answers.texts[Told.port.expression] = needs.proxyPort
    answers.texts[Self.toldDigits] = needs.proxyPort.flatMap { Int($0) }.map(Self.digits)
    answers.lists[Told.awaitedFiles] =
      needs.keepsFiles ? needs.files.map { "\(BuiltInPaths.secrets)/\($0.destination)" } : [BuiltInPaths.agentToken]
    return answers
  }

  private static func digits(_ port: Int) -> String {
    let digits = String(port, radix: 16, uppercase: true)
    return String("0000".dropFirst(digits.utf8.count)) + digits
  }
}

extension Diagnostic {
  fileprivate static var policyInjectsOtherwise: Diagnostic {
    Diagnostic(
      rule: .invalidSetting, message: "with these settings a policy would not inject what this program does",
      hint: "this is a fault of this program: please report it, with what config view prints")
  }
}
