import ManifestText
import Testing

import Cluster

@Suite struct ReadinessTests {
  private func readiness(_ kind: String, _ spec: String, _ status: String, generation: Int = 2) -> Readiness? {
    let text = #"{"metadata":{"name":"x","generation":\#(generation)},"spec":\#(spec),"status":\#(status)}"#
    guard let object = Value(json: Array(text.utf8)) else { return nil }
    return Readiness(of: object, kind: kind)
  }

  @Test("Deployments are judged as `kubectl rollout status` does")
  func deployments() {
    let kind = "apps/Deployment"
    #expect(readiness(kind, "{}", "{}") == .waiting("its controller has not seen it yet"))
    #expect(readiness(kind, "{}", #"{"observedGeneration":1}"#) == .waiting("its controller has not seen it yet"))
    let rows: [(String, Readiness)] = [
      (#""updatedReplicas":1"#, .waiting("1 of 3 new replicas have been updated")),
      (#""updatedReplicas":3,"replicas":4"#, .waiting("1 old replica is pending termination")),
      (#""updatedReplicas":3,"replicas":5"#, .waiting("2 old replicas are pending termination")),
      (
        #""updatedReplicas":3,"replicas":3,"availableReplicas":2"#,
        .waiting("2 of 3 updated replicas are available")
      ),
      (#""updatedReplicas":3,"replicas":3,"availableReplicas":3"#, .ready),
      (
        #""conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded"}]"#,
        .failed("it exceeded its progress deadline")
      ),
    ]
    for (status, expected) in rows {
      #expect(readiness(kind, #"{"replicas":3}"#, #"{"observedGeneration":2,\#(status)}"#) == expected)
    }
    #expect(readiness(kind, #"{"paused":true}"#, "{}") == .never("it is paused"))
    #expect(readiness(kind, #"{"replicas":0}"#, "{}") == .never("it has 0 replicas"))
  }

  @Test func statefulSets() {
    let kind = "apps/StatefulSet"
    let partition = #"{"replicas":3,"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":1}}}"#
    #expect(
      readiness(kind, "{}", #"{"readyReplicas":1}"#, generation: 0) == .waiting("its controller has not seen it yet"))
    #expect(
      readiness(kind, partition, #"{"observedGeneration":2,"readyReplicas":2}"#) == .waiting("2 of 3 pods are ready"))
    #expect(
      readiness(kind, partition, #"{"observedGeneration":2,"readyReplicas":3,"updatedReplicas":1}"#)
        == .waiting("1 of 2 new pods have been updated"))
    #expect(readiness(kind, partition, #"{"observedGeneration":2,"readyReplicas":3,"updatedReplicas":2}"#) == .ready)
    let revisions = #"{"observedGeneration":2,"readyReplicas":1,"updateRevision":"b","currentRevision":"a"}"#
    #expect(readiness(kind, "{}", revisions) == .waiting("0 of 1 new pods have been updated"))
    #expect(
      readiness(kind, #"{"updateStrategy":{"type":"OnDelete"}}"#, "{}")
        == .never("it replaces its pods only when they are deleted (OnDelete)"))
  }

  @Test("What has done its work is ready while it is being deleted, and nothing else is")
  func deleted() throws {
    func gone(_ kind: String, _ status: String) throws -> Readiness? {
      let text = #"{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"},"spec":{},"status":\#(status)}"#
      return Readiness(of: try #require(Value(json: Array(text.utf8))), kind: kind)
    }
    let complete = #"{"conditions":[{"type":"Complete","status":"True"}]}"#
    let ready = #"{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}"#
    #expect(try gone("batch/Job", complete) == .ready)
    #expect(try gone("batch/Job", "{}") == .failed("it is being deleted"))
    #expect(try gone("/Pod", #"{"phase":"Succeeded"}"#) == .ready)
    #expect(try gone("/Pod", ready) == .failed("it is being deleted"))
    #expect(try gone("apps/Deployment", complete) == .failed("it is being deleted"))
  }

  @Test func daemonSets() {
    let kind = "apps/DaemonSet"
    let rows: [(String, Readiness)] = [
      (#""updatedNumberScheduled":1"#, .waiting("1 of 2 new pods have been updated")),
      (#""updatedNumberScheduled":2,"numberAvailable":1"#, .waiting("1 of 2 updated pods are available")),
      (#""updatedNumberScheduled":2,"numberAvailable":2"#, .ready),
    ]
    for (status, expected) in rows {
      let status = #"{"observedGeneration":2,"desiredNumberScheduled":2,\#(status)}"#
      #expect(readiness(kind, "{}", status) == expected)
    }
  }

  @Test func jobsAndPods() {
    let failed = #"{"conditions":[{"type":"Failed","status":"True","reason":"DeadlineExceeded"}]}"#
    #expect(readiness("batch/Job", "{}", failed) == .failed("DeadlineExceeded"))
    let target = #"{"succeeded":1,"failed":2,"conditions":[{"type":"Failed","status":"False"}]}"#
    #expect(
      readiness("batch/Job", #"{"completions":3}"#, target) == .waiting("1 of 3 pods have completed, and 2 failed"))
    #expect(readiness("batch/Job", "{}", #"{"conditions":[{"type":"Complete","status":"True"}]}"#) == .ready)
    #expect(readiness("batch/Job", #"{"suspend":true}"#, "{}") == .never("it is suspended"))
    #expect(readiness("/Pod", "{}", "{}") == .waiting("its phase is Pending"))
    #expect(readiness("/Pod", "{}", #"{"phase":"Running"}"#) == .waiting("it runs, and is not ready"))
    #expect(
      readiness("/Pod", "{}", #"{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}"#) == .ready)
    #expect(readiness("/Pod", "{}", #"{"phase":"Succeeded"}"#) == .ready)
    #expect(
      readiness("/Pod", "{}", #"{"phase":"Failed","reason":"Evicted"}"#) == .failed("its phase is Failed: Evicted"))
  }

  @Test func whatIsBeingDeletedAndWhatNobodyKnows() {
    let deleted = Value(json: Array(#"{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"}}"#.utf8))
    #expect(deleted.flatMap { Readiness(of: $0, kind: "apps/Deployment") } == .failed("it is being deleted"))
    #expect(readiness("example.com/Widget", "{}", "{}") == nil)
  }

  @Test func selectorsOfPods() {
    let selector: Value = [
      "matchLabels": ["a": "b", "c/d": ""],
      "matchExpressions": [
        ["key": "e", "operator": "In", "values": ["f", "g"]], ["key": "h", "operator": "NotIn", "values": ["i"]],
        ["key": "j", "operator": "Exists"], ["key": "k", "operator": "DoesNotExist"],
      ],
    ]
    #expect(PodSelector.text(selector) == "a=b,c/d=,e in (f,g),h notin (i),j,!k")
    #expect(PodSelector.text(["a": "b"]) == "a=b")
    #expect(PodSelector.text([:]) == nil)
    #expect(PodSelector.text(["matchExpressions": [["key": "a", "operator": "New"]]]) == nil)
  }

  // MARK: Pods

  private func trouble(_ status: String, spec: String = "{}") -> PodTrouble? {
    let text = #"{"metadata":{"name":"p"},"spec":\#(spec),"status":\#(status)}"#
    return Value(json: Array(text.utf8)).flatMap { PodTrouble.newest(of: [$0], agents: ["vault-agent", "secrets"]) }
  }

  @Test("The agent's container is told before others, unless it merely waits for its turn")
  func agentsFirst() {
    let web =
      #"{"name":"web","state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1}}}"#
    let agent = #"{"name":"vault-agent","restartCount":1,"state":{"terminated":{"exitCode":2,"signal":15}}}"#
    let idle = #"{"name":"vault-agent","state":{"waiting":{"reason":"PodInitializing"}}}"#
    let both = trouble(#"{"containerStatuses":[\#(web),\#(agent)]}"#)
    #expect(both?.words == "the agent vault-agent was ended by signal 15, 1 restart")
    #expect(both?.agent == "vault-agent")
    let idling = trouble(#"{"containerStatuses":[\#(web),\#(idle)]}"#)
    #expect(idling?.words == "the container web waits (CrashLoopBackOff), after it exited with code 1")
    #expect(idling?.agent == nil)
  }

  @Test("An init container has to end, a sidecar among them has not")
  func initContainers() {
    let running = #"{"initContainerStatuses":[{"name":"vault-agent","ready":false,"state":{"running":{}}}]}"#
    #expect(trouble(running)?.words == "the agent vault-agent has not finished yet")
    let sidecar = #"{"initContainers":[{"name":"vault-agent","restartPolicy":"Always"}]}"#
    #expect(trouble(running, spec: sidecar)?.words == "the agent vault-agent runs, and is not ready")
    let done = #"{"initContainerStatuses":[{"name":"vault-agent","state":{"terminated":{"exitCode":0}}}]}"#
    #expect(trouble(done)?.words == "its phase is Pending")
  }

  @Test("A volume's name makes no container an agent's, so that no log of an application is shown")
  func volumesAreNoAgents() {
    let status = #"{"containerStatuses":[{"name":"secrets","state":{"terminated":{"exitCode":1}}}]}"#
    #expect(trouble(status, spec: #"{"volumes":[{"name":"secrets"}]}"#)?.agent == nil)
  }

  @Test func podsThatAreWell() {
    #expect(trouble(#"{"phase":"Succeeded"}"#) == nil)
    #expect(trouble(#"{"conditions":[{"type":"Ready","status":"True"}]}"#) == nil)
    #expect(PodTrouble.newest(of: [], agents: []) == nil)
  }

  @Test("The last line that says something, without tokens")
  func lines() {
    #expect(AgentLine.last(of: Array("a\nb\n \n\n".utf8)) == "b")
    #expect(AgentLine.last(of: Array("\n \n".utf8)) == nil)
    #expect(AgentLine.last(of: Array(String(repeating: "x y", count: 200).utf8))?.count == 301)
    let tokens = [
      "hvs.CAESIAbcdefghijklmnopqrstuvwxyz", "s.abcdefghijklmnopqrstuvwx", "hvb.AAAAAQabcdefghijklmnopqrstu",
      "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWIifQ.c2ln",
    ]
    for token in tokens { #expect(AgentLine.masked("token=\"\(token)\", x") == "token=\"<redacted>\", x") }
    for text in [
      "service-account.kubernetes.default", "s.short", "vault.vault.svc.cluster.local:8200", "b.example.com.a.b.c.d.e",
    ] {
      #expect(AgentLine.masked(text) == text)
    }
  }
}
