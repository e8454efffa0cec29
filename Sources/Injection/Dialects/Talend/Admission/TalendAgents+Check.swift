internal import ManifestText

extension TalendAgents {
  /// Holds what the answers were put together to against what the code gives for pods of every kind.
  func check() {
    for needs in variants { precondition(isSame(needs), "the policy would not inject \(needs) as this program does") }
  }

  /// Pods of every kind.
  private var variants: [TalendNeeds] {
    var variants: [TalendNeeds] = []
    for bits in 0..<256 {
      variants.append(
        needs {
          if bits & 1 != 0 { $0.files = [] }
          if bits & 2 != 0 { $0.proxyPort = nil }
          $0.isNative = bits & 4 != 0
          if bits & 8 != 0 { $0.rendering = .once }
          $0.bringsSecrets = bits & 16 != 0
          $0.mountsSecrets = bits & 32 != 0
          if bits & 64 != 0 { $0.agentToken = BuiltInVolumes.token }
          if bits & 128 != 0 { for index in $0.files.indices { $0.files[index].command = "" } }
          if $0.isNative, $0.proxyPort != nil { $0.proxyPort = bits & 128 != 0 ? "80" : "65535" }
        })
    }
    return variants
  }

  private func isSame(_ needs: TalendNeeds) -> Bool {
    let answers = answers(needs)
    let brought = containers.brought(for: needs)
    return brought.initContainers == (needs.runsInitAgent ? [initAgent.value(answers)] : [])
      && brought.sidecars == (needs.runsAgent ? [agent.value(answers)] : []) && .array(brought.volumes) == volumes.value(answers)
  }

  /// What the variables of a policy give for a pod.
  private func answers(_ needs: TalendNeeds) -> CELAnswers {
    var answers = CELAnswers()
    for (condition, holds) in [
      (When.keepsFiles, needs.keepsFiles), (When.wantsProxy, needs.proxyPort != nil), (When.isNative, needs.isNative),
      (When.hasCommand, needs.files.contains { !$0.command.isEmpty }),
      (When.runsAny, needs.runsAgent || needs.runsInitAgent),
      (When.lacksSecretsVolume, (needs.usesSecrets || needs.mountsSecrets) && !needs.bringsSecrets),
      (When.lacksToken, needs.agentToken == BuiltInVolumes.token), (When.awaitsOne, true),
    ] where holds { answers.conditions.insert(condition) }
    for mark in [Told.role, Told.image, Told.destination, Told.command] { answers.texts[mark.expression] = mark.text }
    answers.texts[Told.contents.expression] = HCLText.literal(lines: Told.contents.text)
    answers.texts[Told.tokenVolume.expression] = needs.agentToken
    answers.texts[Told.port.expression] = needs.proxyPort
    answers.texts[Self.toldDigits] = needs.proxyPort.flatMap { Int($0) }.map(Self.digits)
    answers.lists[Told.awaitedFiles] = needs.keepsFiles
      ? needs.files.map { "\(BuiltInPaths.secrets)/\($0.destination)" } : [BuiltInPaths.agentToken]
    answers.texts[Told.stanzas] = needs.files.isEmpty ? "" : stanza.value(answers)?.string
    for (name, configuration) in [("agent", configuration), ("initAgent", initConfiguration)] {
      let told = Told.script(name)
      let text = configuration.value(answers)?.string
      answers.texts[told.configuration.expression] = text
      answers.texts[told.end.expression] = text.map(AgentScript.mark)
      answers.texts[told.text] = script(name).value(answers)?.string
    }
    answers.values[Told.probe] = probe.value(answers)
    return answers
  }

  private static func digits(_ port: Int) -> String {
    let digits = String(port, radix: 16, uppercase: true)
    return String("0000".dropFirst(digits.utf8.count)) + digits
  }
}
