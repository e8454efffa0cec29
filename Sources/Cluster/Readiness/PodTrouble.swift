internal import KubernetesAPI
package import ManifestText

/// What keeps a pod from being ready, the agent's part in it first.
package struct PodTrouble: Equatable {
  /// The pod's name.
  package let pod: String
  /// What is the matter, as a part of a sentence: `the agent vault-agent-init waits (CrashLoopBackOff), 4 restarts`.
  package let words: String
  /// The agent's container that is at fault, if one is and has written something; only what agents write is shown.
  package let agent: String?
  /// True where an agent's container is at fault.
  let isAgents: Bool

  /// What is the matter with the newest of some pods that is not ready; nil where all are well.
  package static func newest(of pods: [Value], agents: Set<String>) -> PodTrouble? {
    let going = pods.filter { $0["metadata"]?["deletionTimestamp"] == nil && !isWell($0) }
    let newest = going.max { time(of: $0) < time(of: $1) }
    return newest.flatMap { PodTrouble($0, agents: agents) }
  }

  private static func time(of pod: Value) -> String { pod["metadata"]?["creationTimestamp"]?.string ?? "" }

  private static func isWell(_ pod: Value) -> Bool {
    pod["status"]?["phase"]?.string == "Succeeded" || condition("Ready", of: pod)?["status"]?.string == "True"
  }

  private static func condition(_ type: String, of pod: Value) -> Value? {
    pod["status"]?["conditions"]?.array?.first { $0["type"]?.string == type }
  }

  private init?(_ pod: Value, agents: Set<String>) {
    guard let name = pod["metadata"]?["name"]?.string else { return nil }
    self.pod = name
    let volumes = Set((pod["spec"]?["volumes"]?.array ?? []).compactMap { $0["name"]?.string })
    let found = Container.all(of: pod).filter { $0.trouble != nil }
    let own = found.filter { agents.contains($0.name) && !volumes.contains($0.name) }
    // One that merely waits for its turn is not to blame.
    let culprit = own.first { !$0.onlyWaits } ?? found.first { !$0.onlyWaits } ?? own.first ?? found.first
    isAgents = culprit.map { culprit in own.contains { $0.name == culprit.name } } ?? false
    agent = isAgents && culprit?.hasWritten == true ? culprit?.name : nil
    if let scheduled = Self.condition("PodScheduled", of: pod), scheduled["status"]?.string == "False" {
      words = "it is not scheduled: \(scheduled["message"]?.string ?? scheduled["reason"]?.string ?? "")"
    } else if let culprit, let trouble = culprit.trouble {
      words = "the \(isAgents ? "agent" : "container") \(culprit.name) \(trouble)"
    } else {
      let status = pod["status"]
      words =
        status?["reason"]?.string.map { "\($0): \(status?["message"]?.string ?? "")" }
        ?? "its phase is \(status?["phase"]?.string ?? "Pending")"
    }
  }

  /// The last lines that the agent has written; nil where there is nothing to be shown.
  func log(inNamespace namespace: String?) -> APIRequest? {
    guard let agent, let pods = BuiltInResources.resource(apiVersion: "v1", kind: "Pod") else { return nil }
    return APIRequest(
      .get, "\(pods.path(namespace: namespace, name: pod))/log",
      query: [.init("container", agent), .init("tailLines", "3"), .init("limitBytes", "16384")],
      accept: APIRequest.text)
  }

  /// A container of a pod, as its status tells.
  private struct Container {
    let name: String
    /// True for one that has to end before others begin.
    let hasToEnd: Bool
    let status: Value

    static func all(of pod: Value) -> [Container] {
      let sidecars = (pod["spec"]?["initContainers"]?.array ?? []).filter { $0["restartPolicy"]?.string == "Always" }
      let names = Set(sidecars.compactMap { $0["name"]?.string })
      return [("initContainerStatuses", true), ("containerStatuses", false)].flatMap { list, isInit in
        (pod["status"]?[list]?.array ?? []).compactMap { status in
          status["name"]?.string.map { Container(name: $0, hasToEnd: isInit && !names.contains($0), status: status) }
        }
      }
    }

    private var waiting: Value? { status["state"]?["waiting"] }
    private var terminated: Value? { status["state"]?["terminated"] }
    private var running: Value? { status["state"]?["running"] }
    private var last: Value? { status["lastState"]?["terminated"] }

    /// True where it has run, and so may have written something.
    var hasWritten: Bool { running != nil || terminated != nil || last != nil }

    /// True where it waits for others to be done.
    var onlyWaits: Bool {
      last == nil && ["PodInitializing", "ContainerCreating"].contains(waiting?["reason"]?.string ?? "")
    }

    /// What is the matter with it; nil where it is well.
    var trouble: String? {
      if let waiting {
        let reason = waiting["reason"]?.string ?? ""
        // The kubelet's words for a restart that is put off say no more than its reason.
        let message = last == nil ? waiting["message"]?.string ?? "" : ""
        let why = [reason, message].filter { !$0.isEmpty }.joined(separator: ": ")
        return "waits\(why.isEmpty ? "" : " (\(why))")" + end(last, ", after it ") + restarts
      }
      if let terminated {
        return terminated["exitCode"]?.count == 0 ? nil : end(terminated, "") + restarts
      }
      guard running != nil else { return nil }
      if hasToEnd { return "has not finished yet" + end(last, ", after it ") + restarts }
      return status["ready"] == true ? nil : "runs, and is not ready" + end(last, ", after it ") + restarts
    }

    private func end(_ state: Value?, _ prefix: String) -> String {
      guard let state else { return "" }
      let reason = state["reason"]?.string ?? ""
      let words = reason.isEmpty || reason == "Error" ? "" : " (\(reason))"
      if let signal = state["signal"]?.count, signal > 0 { return "\(prefix)was ended by signal \(signal)\(words)" }
      return "\(prefix)exited with code \(state["exitCode"]?.count ?? 0)\(words)"
    }

    private var restarts: String {
      let count = status["restartCount"]?.count ?? 0
      return count == 0 ? "" : ", \(count) restart\(count == 1 ? "" : "s")"
    }
  }
}

/// What an agent wrote last, without what nobody should see.
package enum AgentLine {
  private static let longest = 300

  /// The last line of a log that says something; nil where there is none.
  package static func last(of log: [UInt8]) -> String? {
    let lines = log.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    guard let line = lines.last(where: { !$0.allSatisfy(\.isWhitespace) }) else { return nil }
    let masked = masked(line)
    return masked.count > longest ? "\(masked.prefix(longest))…" : masked
  }

  /// The line with tokens of Vault's and of service accounts taken out of it.
  package static func masked(_ line: String) -> String {
    var result = ""
    var word = ""
    for character in line {
      if character.isASCII, character.isLetter || character.isNumber || "._-".contains(character) {
        word.append(character)
      } else {
        result += isToken(word) ? mark : word
        word = ""
        result.append(character)
      }
    }
    return result + (isToken(word) ? mark : word)
  }

  private static let mark = "<redacted>"

  private static func isToken(_ word: String) -> Bool {
    guard word.utf8.count >= 24 else { return false }
    if word.hasPrefix("eyJ"), word.utf8.contains(UInt8(ascii: ".")) { return true }
    return ["hvs.", "hvb.", "hvr.", "s.", "b.", "r."].contains { prefix in
      word.hasPrefix(prefix) && !word.dropFirst(prefix.count).contains(".")
    }
  }
}
