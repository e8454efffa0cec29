package import ManifestText

/// How far a workload is, as `kubectl rollout status` tells it.
package enum Readiness: Equatable {
  /// It is as it should be.
  case ready
  /// It is not as it should be yet; what is missing.
  case waiting(String)
  /// It will not be as it should be; why.
  case failed(String)
  /// It is never ready as it is written, or nothing tells when it is; why.
  case never(String)
  /// Whether it is cannot be told; why.
  case untold(Ignorance)

  /// Why nobody can tell how far a workload is.
  package enum Ignorance: Equatable {
    /// It may not be read; the server's words.
    case unreadable(String)
    /// It has ended and was removed, as it asks for, before anybody saw how.
    case ended
  }

  /// The readiness of an object as the cluster has it; nil for a kind of which nothing is known.
  package init?(of object: Value, kind: String) {
    guard let rule = Self.rules[kind] else { return nil }
    if object["metadata"]?["deletionTimestamp"] != nil {
      // What has done its work may go.
      self = rule.hasEnded(Workload(object)) ? .ready : .failed("it is being deleted")
    } else if let reason = rule.obstacle(Workload(object)) {
      self = .never(reason)
    } else {
      self = rule.readiness(Workload(object))
    }
  }

  /// True for a kind of which it is known when an object is ready.
  static func knows(_ kind: String) -> Bool { rules[kind] != nil }

  /// True for an object that has done its work, and may go.
  static func hasEnded(_ object: Value, kind: String) -> Bool { rules[kind]?.hasEnded(Workload(object)) ?? false }

  /// True once waiting longer changes nothing.
  var isFinal: Bool {
    if case .waiting = self { return false }
    return true
  }

  /// The parts of a workload that are looked at.
  private struct Workload {
    let metadata, spec, status: Value?

    init(_ object: Value) {
      (metadata, spec, status) = (object["metadata"], object["spec"], object["status"])
    }

    /// A number of the status; 0 where it is left out.
    func count(_ key: String) -> Int { status?[key]?.count ?? 0 }

    /// How many pods are wanted.
    var replicas: Int { spec?["replicas"]?.count ?? 1 }

    /// True once the controller has seen the object as it is.
    var isObserved: Bool { count("observedGeneration") >= metadata?["generation"]?.count ?? 0 }

    func condition(_ type: String) -> Value? {
      status?["conditions"]?.array?.first { $0["type"]?.string == type }
    }

    /// The reason and the message of a condition that is true.
    func words(ofTrue type: String) -> String? {
      guard let condition = condition(type), condition["status"]?.string == "True" else { return nil }
      return [condition["reason"]?.string, condition["message"]?.string].compactMap(\.self).filter { !$0.isEmpty }
        .joined(separator: ": ")
    }
  }

  /// What is known of a kind.
  private struct KindRule {
    /// Why an object of the kind is never ready as it is written; nil where it may be.
    let obstacle: @Sendable (Workload) -> String?
    let readiness: @Sendable (Workload) -> Readiness
    /// True for one that has done its work.
    var hasEnded: @Sendable (Workload) -> Bool = { _ in false }
  }

  private static let noReplicas = "it has 0 replicas"
  private static let onDelete = "it replaces its pods only when they are deleted (OnDelete)"
  private static let unobserved = Readiness.waiting("its controller has not seen it yet")

  private static let rules: [String: KindRule] = [
    "apps/Deployment": KindRule(
      obstacle: { workload in
        workload.spec?["paused"] == true ? "it is paused" : workload.replicas == 0 ? noReplicas : nil
      }, readiness: deployment),
    "apps/StatefulSet": KindRule(
      obstacle: { workload in
        workload.spec?["updateStrategy"]?["type"]?.string == "OnDelete"
          ? onDelete : workload.replicas == 0 ? noReplicas : nil
      }, readiness: statefulSet),
    "apps/DaemonSet": KindRule(
      obstacle: { $0.spec?["updateStrategy"]?["type"]?.string == "OnDelete" ? onDelete : nil }, readiness: daemonSet),
    "apps/ReplicaSet": KindRule(obstacle: { $0.replicas == 0 ? noReplicas : nil }, readiness: replicaSet),
    "/ReplicationController": KindRule(obstacle: { $0.replicas == 0 ? noReplicas : nil }, readiness: replicaSet),
    "batch/Job": KindRule(
      obstacle: { $0.spec?["suspend"] == true ? "it is suspended" : nil }, readiness: job,
      hasEnded: { $0.words(ofTrue: "Complete") != nil }),
    "/Pod": KindRule(
      obstacle: { _ in nil }, readiness: pod, hasEnded: { $0.status?["phase"]?.string == "Succeeded" }),
    "batch/CronJob": KindRule(
      obstacle: { $0.spec?["suspend"] == true ? "it is suspended" : "it makes jobs when their time comes" },
      readiness: { _ in .ready }),
  ]

  @Sendable private static func deployment(_ workload: Workload) -> Readiness {
    guard workload.isObserved else { return unobserved }
    if workload.condition("Progressing")?["reason"]?.string == "ProgressDeadlineExceeded" {
      return .failed("it exceeded its progress deadline")
    }
    let (updated, available) = (workload.count("updatedReplicas"), workload.count("availableReplicas"))
    if updated < workload.replicas {
      return .waiting("\(updated) of \(workload.replicas) new replicas have been updated")
    }
    let old = workload.count("replicas") - updated
    if old > 0 { return .waiting("\(old) old replica\(old == 1 ? " is" : "s are") pending termination") }
    return available < updated ? .waiting("\(available) of \(updated) updated replicas are available") : .ready
  }

  @Sendable private static func statefulSet(_ workload: Workload) -> Readiness {
    guard workload.count("observedGeneration") > 0, workload.isObserved else { return unobserved }
    let (ready, updated) = (workload.count("readyReplicas"), workload.count("updatedReplicas"))
    if ready < workload.replicas { return .waiting("\(ready) of \(workload.replicas) pods are ready") }
    let partition = workload.spec?["updateStrategy"]?["rollingUpdate"]?["partition"]?.count
    if let partition {
      let wanted = workload.replicas - partition
      return updated < wanted ? .waiting("\(updated) of \(wanted) new pods have been updated") : .ready
    }
    return workload.status?["updateRevision"] == workload.status?["currentRevision"]
      ? .ready : .waiting("\(updated) of \(workload.replicas) new pods have been updated")
  }

  @Sendable private static func daemonSet(_ workload: Workload) -> Readiness {
    guard workload.isObserved else { return unobserved }
    let wanted = workload.count("desiredNumberScheduled")
    let (updated, available) = (workload.count("updatedNumberScheduled"), workload.count("numberAvailable"))
    if updated < wanted { return .waiting("\(updated) of \(wanted) new pods have been updated") }
    return available < wanted ? .waiting("\(available) of \(wanted) updated pods are available") : .ready
  }

  @Sendable private static func replicaSet(_ workload: Workload) -> Readiness {
    guard workload.isObserved else { return unobserved }
    let available = workload.count("availableReplicas")
    return available < workload.replicas
      ? .waiting("\(available) of \(workload.replicas) replicas are available") : .ready
  }

  @Sendable private static func job(_ workload: Workload) -> Readiness {
    if workload.words(ofTrue: "Complete") != nil { return .ready }
    if let words = workload.words(ofTrue: "Failed") { return .failed(words.isEmpty ? "it failed" : words) }
    let wanted = workload.spec?["completions"]?.count ?? 1
    let failed = workload.count("failed")
    let attempts = failed == 0 ? "" : ", and \(failed) failed"
    return .waiting("\(workload.count("succeeded")) of \(wanted) pods have completed\(attempts)")
  }

  @Sendable private static func pod(_ workload: Workload) -> Readiness {
    let phase = workload.status?["phase"]?.string ?? "Pending"
    switch phase {
    case "Succeeded": return .ready
    case "Failed":
      let words = [workload.status?["reason"]?.string, workload.status?["message"]?.string].compactMap(\.self)
      return .failed((["its phase is Failed"] + words).joined(separator: ": "))
    default:
      if workload.words(ofTrue: "Ready") != nil { return .ready }
      return .waiting(phase == "Running" ? "it runs, and is not ready" : "its phase is \(phase)")
    }
  }
}

extension Value {
  /// A whole number; nil for everything else.
  var count: Int? {
    guard case .number(let text) = self else { return nil }
    return Int(text)
  }
}
