package import ManifestText
internal import Workloads

/// The changes that inject one pod, in the order HashiCorp's webhook makes them.
struct HashiCorpInjection {
  private let pod: HashiCorpPod
  private let volumes: HashiCorpVolumes
  private(set) var summary = InjectionOutcome.Summary()
  /// The agents, in the order they start.
  private(set) var added: [AddedContainer] = []

  init(_ pod: HashiCorpPod, _ volumes: HashiCorpVolumes) {
    self.pod = pod
    self.volumes = volumes
  }

  private var specPath: Path { pod.template.specPath }

  mutating func plan(_ plan: inout PodPlan) throws(Diagnostic) {
    try addVolumes(&plan)
    try mountSecrets(&plan)
    try wrapCommands(&plan)
    if pod.runsInitContainer || pod.runsSidecar { try addAgents(&plan) }
    if pod.request.prePopulates, let shares = pod.request.sharesProcessNamespace {
      try plan.edits.set(.bool(shares), at: specPath.appending("shareProcessNamespace"))
    }
    try plan.addPullSecrets(pod.settings.operatorSettings.imagePullSecrets, to: pod.template)
    guard let former = pod.settings.former, former.isRewritten, pod.settings.isExact else {
      return try plan.edits.set("injected", at: pod.template.annotationsPath.appending(pod.brand.statusKey))
    }
    try rewrite(former, in: &plan)
  }

  /// Gives annotations of another prefix the injector's own.
  ///
  /// The webhook does so after it has written the status, so that of these a status stays which the pod had; it is then
  /// injected once more.
  private func rewrite(_ former: AgentBrand.Former, in plan: inout PodPlan) throws(Diagnostic) {
    let (annotations, path) = (try pod.template.annotations(), pod.template.annotationsPath)
    let others = try annotations.formerOnes(former, beside: pod.brand)
    let keepsStatus = others.contains { $0.isCounted && $0.annotation.key == HashiCorpTable.status.key }
    let written = NameIndex(annotations.keys().map(\.key))
    guard others.allSatisfy({ written.contains("\(former.prefix)/\($0.annotation.key)") }) else {
      return try plan.edits.set(try renamed(others, keepsStatus: keepsStatus), at: path)
    }
    if !keepsStatus { try plan.edits.set("injected", at: path.appending(pod.brand.statusKey)) }
    for (annotation, isCounted) in others {
      let place = path.appending("\(former.prefix)/\(annotation.key)")
      if isCounted {
        try plan.edits.rename(at: place, to: pod.brand.fullKey(annotation.key))
      } else {
        try plan.edits.remove(at: place)
      }
    }
  }

  /// All annotations of the pod, written out, where a merge key brings some of those that get another prefix.
  private func renamed(
    _ others: [(annotation: Annotations.Named, isCounted: Bool)], keepsStatus: Bool
  ) throws(Diagnostic) -> Value {
    let (prefix, document) = (pod.settings.former?.prefix ?? "", pod.template.document)
    let map = try document.node(at: pod.template.annotationsPath)
    var members: [Value.Member] = []
    for member in try map.map(document.value(of:))?.members ?? [] {
      let other = ByteText.rest(of: member.key, after: prefix + "/")
        .flatMap { key in others.first { ByteText.isEqual($0.annotation.key, key) } }
      if let other, !other.isCounted { continue }
      let key = other.map { pod.brand.fullKey($0.annotation.key) } ?? member.key
      members.append(Value.Member(key: key, value: member.value))
    }
    if !keepsStatus, !members.contains(where: { $0.key == pod.brand.statusKey }) {
      members.append(Value.Member(key: pod.brand.statusKey, value: "injected"))
    }
    return .object(members)
  }

  private mutating func addVolumes(_ plan: inout PodPlan) throws(Diagnostic) {
    summary.volumes = volumes.names
    try plan.edits.append(volumes.all, to: specPath.appending("volumes"))
  }

  /// Lets the containers that are asked for read the secrets, and every init container that comes after the agent.
  private func mountSecrets(_ plan: inout PodPlan) throws(Diagnostic) {
    let mounts = volumes.secretMounts
    for container in try pod.readers() {
      try plan.edits.append(mounts, to: container.path.appending("volumeMounts"))
    }
  }

  /// Starts containers through a wrapper that reads their variables.
  private func wrapCommands(_ plan: inout PodPlan) throws(Diagnostic) {
    for receiver in pod.variables.receivers {
      let command = receiver.container.path.appending("command")
      let words = try pod.wrapper(of: receiver).words
      if try receiver.container.hasCommand() {
        try plan.edits.prepend(words, to: command)
      } else {
        let start = try pod.entrypoint(of: receiver) ?? []
        try plan.edits.append(words + start.map(Value.string), to: command)
      }
    }
  }

  // MARK: Agents

  private mutating func addAgents(_ plan: inout PodPlan) throws(Diagnostic) {
    let agents = try HashiCorpAgents(pod, volumes)
    var initContainers: [Value] = []
    if pod.runsInitContainer {
      initContainers.append(mountedAsStranger(try agents.initContainer()))
      added.append(AddedContainer(role: .agentInit, list: .initContainers, value: initContainers[0]))
    }
    if pod.runsSidecar {
      let sidecar = try agents.sidecar()
      if pod.isNative {
        initContainers.append(HashiCorpNativeSidecar(pod).made(of: sidecar))
        added.append(
          AddedContainer(role: .agent, list: .initContainers, value: initContainers[initContainers.count - 1]))
      } else {
        added.append(AddedContainer(role: .agent, list: .containers, value: sidecar))
        try plan.edits.append([sidecar], to: specPath.appending(ContainerList.containers.rawValue))
        summary.containers = [sidecar].compactMap { $0["name"]?.string }
      }
    }
    if let helper = agents.environmentHelper() {
      initContainers.append(helper)
      added.append(AddedContainer(role: .environmentHelper, list: .initContainers, value: helper))
    }
    summary.initContainers = initContainers.compactMap { $0["name"]?.string }
    let path = specPath.appending(ContainerList.initContainers.rawValue)
    if pod.request.putsInitFirst {
      try plan.edits.prepend(initContainers, to: path)
    } else {
      try plan.edits.append(initContainers, to: path)
    }
  }

  /// Put first and renamed by its patch, the webhook takes its own init container for one of the pod's, and mounts the
  /// secrets in it once more.
  private func mountedAsStranger(_ container: Value) -> Value {
    let isKnown = container["name"] == .string(pod.brand.initContainer)
    guard pod.request.putsInitFirst, !isKnown else { return container }
    var container = container
    container["volumeMounts"] = .array((container["volumeMounts"]?.array ?? []) + volumes.secretMounts)
    return container
  }
}

extension HashiCorpPod {
  /// True where making the agents may refuse the pod.
  var mayBeRefusedLater: Bool {
    let isPatched = patches.initContainer != nil || patches.sidecar != nil
    return isPatched || authType == "aws" || !variables.isEmpty || request.leaseRenewalThreshold != 0
      || !settings.operatorSettings.imagePullSecrets.isEmpty
      || HashiCorpPod.judgedLater.contains { annotations.located($0) != nil }
  }

  /// The annotations that are read only when the agents are made.
  private static let judgedLater = [
    HashiCorpTable.limitsCPU.row, HashiCorpTable.limitsMemory.row, HashiCorpTable.limitsEphemeralStorage.row,
    HashiCorpTable.requestsCPU.row, HashiCorpTable.requestsMemory.row, HashiCorpTable.requestsEphemeralStorage.row,
    HashiCorpTable.disableIdleConnections.row, HashiCorpTable.disableKeepAlives.row,
  ]
}

/// The agent that stays, as an init container that keeps running.
struct HashiCorpNativeSidecar {
  let pod: HashiCorpPod

  init(_ pod: HashiCorpPod) { self.pod = pod }

  /// The container with a restart policy and, where the pod is to wait for its secrets, a probe; what the pod's own
  /// JSON Patch has put there stays.
  func made(of container: Value) -> Value {
    var sidecar = container
    if sidecar["restartPolicy"] == nil { sidecar["restartPolicy"] = "Always" }
    let waits = pod.request.prePopulates && pod.configMap == nil
    if waits, sidecar["startupProbe"] == nil { sidecar["startupProbe"] = startupProbe }
    return sidecar
  }

  /// Succeeds once the agent has logged in and every secret is rendered.
  private var startupProbe: Value {
    StartupProbe(seconds: pod.settings.operatorSettings.startupSeconds)
      .filesExist([pod.brand.token] + pod.secrets.map(\.destination) + pod.variables.files.map(\.path))
  }
}

/// What the annotations `agent-telemetry-PARAM` make of the agents' telemetry.
enum HashiCorpTelemetry {
  /// The stanza; nil where no annotation asks for it, or where one has the wrong type and the webhook drops them all.
  static func fitted(_ annotations: HashiCorpAnnotations) -> Value? {
    let parameters = annotations.members(of: HashiCorpTable.telemetry.row)
    guard !parameters.isEmpty else { return nil }
    return Telemetry.fitted(parameters.map { ($0.name, $0.value.text) })
  }

  /// Where the first annotation stands that asks for a stanza, if none comes of them.
  static func droppedPlace(_ annotations: HashiCorpAnnotations) -> Range<Int>? {
    let first = annotations.members(of: HashiCorpTable.telemetry.row).first
    return fitted(annotations) == nil ? first?.value.range : nil
  }
}

/// The agent's telemetry settings, as HashiCorp's injector fits its annotations into them.
package enum Telemetry {
  /// The settings that parameters and their texts give; nil where there are none, or one has the wrong type.
  ///
  /// A text that is JSON counts as what it says, and every other as itself. Dashes in names are underscores; of several that
  /// are the same then, the last counts.
  package static func fitted(_ annotations: [(String, String)]) -> Value? {
    guard !annotations.isEmpty else { return nil }
    var members: [Value.Member] = []
    for (parameter, text) in annotations {
      let name = GoText.split(parameter, at: "-").joined(separator: "_")
      members.removeAll { $0.key == name }
      members.append(Value.Member(key: name, value: value(text)))
    }
    return try? GoRecordReader.read(GoJSONNode(.object(GoJSON.sorted(members))), as: record)
  }

  private static func value(_ text: String) -> Value {
    let json = (try? GoJSON.decode(text))?.value
    return json.flatMap(counted) ?? .string(text)
  }

  /// The value with its numbers as Go spells them once they are 64-bit floats; nil where one is too large.
  private static func counted(_ value: Value) -> Value? {
    switch value {
    case .number(let text): (try? GoJSON.encode(GoParse.float(text))).map(Value.number)
    case .array(let elements): all(elements.map(counted)).map(Value.array)
    case .object(let members):
      all(members.map { member in counted(member.value).map { Value.Member(key: member.key, value: $0) } })
        .map(Value.object)
    default: value
    }
  }

  private static func all<Element>(_ elements: [Element?]) -> [Element]? {
    let present = elements.compactMap(\.self)
    return present.count == elements.count ? present : nil
  }

  private static let record = GoRecord(
    "Telemetry",
    [
      "usage_gauge_period": .text, "maximum_gauge_cardinality": .integer(bits: 64), "disable_hostname": .flag,
      "enable_hostname_label": .flag, "lease_metrics_epsilon": .text,
      "num_lease_metrics_buckets": .integer(bits: 64), "add_lease_metrics_namespace_labels": .flag,
      "filter_default": .flag, "prefix_filter": .list(.text), "statsite_address": .text, "statsd_address": .text,
      "circonus_api_token": .text, "circonus_api_app": .text, "circonus_api_url": .text,
      "circonus_submission_interval": .text, "circonus_submission_url": .text, "circonus_check_id": .text,
      "circonus_check_force_metric_activation": .flag, "circonus_check_instance_id": .text,
      "circonus_check_search_tag": .text, "circonus_check_display_name": .text, "circonus_check_tags": .text,
      "circonus_broker_id": .text, "circonus_broker_select_tag": .text, "dogstatsd_addr": .text,
      "dogstatsd_tags": .list(.text), "prometheus_retention_time": .text, "stackdriver_project_id": .text,
      "stackdriver_location": .text, "stackdriver_namespace": .text, "stackdriver_debug_logs": .flag,
    ])
}
