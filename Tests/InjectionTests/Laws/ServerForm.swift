import Injection
import ManifestText
import TestSupport

/// What an API server makes of the pods of objects that are applied to it, written apart from the code under test.
///
/// It fills in and leaves out, writes amounts otherwise, and admits pods. With a seed it does each of these now and then
/// only, so that every default is met with and without the others.
struct ServerForm {
  private var random: SeededGenerator?

  init(seed: UInt64? = nil) { random = seed.map(SeededGenerator.init) }

  /// An object as it is read back, its pods aside as it was.
  mutating func object(_ value: Value) -> Value {
    var object = value
    switch value["kind"]?.string {
    case "List": object["items"] = .array((value["items"]?.array ?? []).map { self.object($0) })
    case "Pod": object = admitted(pod(value, isPod: true))
    case "CronJob":
      guard var job = value["spec"]?["jobTemplate"]?["spec"], let template = job["template"] else { return value }
      job["template"] = pod(template, isPod: false)
      object["spec"]?["jobTemplate"]?["spec"] = job
    default:
      guard let template = value["spec"]?["template"] else { return value }
      object["spec"]?["template"] = pod(template, isPod: false)
    }
    return object
  }

  private mutating func happens() -> Bool { random?.oneIn(2) == false || random == nil }

  private mutating func fill(_ value: inout Value, _ defaults: KeyValuePairs<String, Value>) {
    for (key, fallback) in defaults where value[key] == nil && happens() { value[key] = fallback }
  }

  private mutating func dropEmpty(_ value: inout Value, _ keys: [String]) {
    let empty: [Value] = ["", [:], .array([]), false, 0]
    for key in keys {
      if let found = value[key], empty.contains(found), happens() { value[key] = nil }
    }
  }

  private mutating func each(_ list: String, of value: inout Value, _ change: (inout ServerForm, Value) -> Value) {
    guard let elements = value[list]?.array else { return }
    var form = self
    value[list] = .array(elements.map { change(&form, $0) })
    self = form
  }

  private mutating func inside(_ key: String, of value: inout Value, _ change: (inout ServerForm, Value) -> Value) {
    guard let inner = value[key], inner != .null else { return }
    value[key] = change(&self, inner)
  }

  // MARK: Pods

  private mutating func pod(_ template: Value, isPod: Bool) -> Value {
    var template = template
    inside("spec", of: &template) { form, spec in
      var spec = spec
      form.each("initContainers", of: &spec) { $0.container($1, isPod: isPod) }
      form.each("containers", of: &spec) { $0.container($1, isPod: isPod) }
      form.each("volumes", of: &spec) { $0.volume($1) }
      form.dropEmpty(&spec, ["initContainers", "volumes", "imagePullSecrets", "hostNetwork", "nodeSelector"])
      form.fill(
        &spec,
        [
          "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
          "securityContext": [:], "schedulerName": "default-scheduler",
        ])
      if let account = spec["serviceAccountName"] { form.fill(&spec, ["serviceAccount": account]) }
      return spec
    }
    return template
  }

  private mutating func container(_ value: Value, isPod: Bool) -> Value {
    var container = value
    dropEmpty(&container, ["env", "args", "command", "ports", "volumeMounts", "workingDir", "stdin", "tty"])
    let image = container["image"]?.string ?? ""
    let name = image.split(separator: "/").last ?? ""
    let isLatest = !image.contains("@") && (!name.contains(":") || name.hasSuffix(":latest"))
    fill(
      &container,
      [
        "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File", "resources": [:],
        "imagePullPolicy": isLatest ? "Always" : "IfNotPresent",
      ])
    inside("resources", of: &container) { $0.resources($1, isPod: isPod) }
    each("ports", of: &container) { form, port in
      var port = port
      form.fill(&port, ["protocol": "TCP"])
      return port
    }
    each("env", of: &container) { $0.variable($1) }
    each("volumeMounts", of: &container) { form, mount in
      var mount = mount
      form.dropEmpty(&mount, ["readOnly", "subPath", "subPathExpr"])
      return mount
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
      inside(probe, of: &container) { $0.probe($1) }
    }
    inside("lifecycle", of: &container) { form, lifecycle in
      var lifecycle = lifecycle
      for hook in ["postStart", "preStop"] { form.inside(hook, of: &lifecycle) { $0.handler($1) } }
      return lifecycle
    }
    return container
  }

  private mutating func variable(_ value: Value) -> Value {
    var variable = value
    dropEmpty(&variable, ["value"])
    inside("valueFrom", of: &variable) { $0.reference($1) }
    return variable
  }

  private mutating func reference(_ value: Value) -> Value {
    var source = value
    inside("fieldRef", of: &source) { form, reference in
      var reference = reference
      form.fill(&reference, ["apiVersion": "v1"])
      return reference
    }
    inside("resourceFieldRef", of: &source) { form, reference in
      var reference = reference
      form.fill(&reference, ["divisor": "0"])
      return reference
    }
    return source
  }

  private mutating func probe(_ value: Value) -> Value {
    var probe = value
    dropEmpty(&probe, ["initialDelaySeconds"])
    fill(&probe, ["timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3])
    return handler(probe)
  }

  private mutating func handler(_ value: Value) -> Value {
    var handler = value
    inside("httpGet", of: &handler) { form, request in
      var request = request
      form.fill(&request, ["path": "/", "scheme": "HTTP"])
      return request
    }
    return handler
  }

  // MARK: Limits

  /// A pod to whose containers of these names LimitRanger has added every amount they had not, and AlwaysPullImages
  /// its policy.
  static func limited(_ pod: Value, _ isMeant: (Value) -> Bool) -> Value {
    let amounts: Value = ["cpu": "111m", "memory": "77Mi", "ephemeral-storage": "1Gi"]
    var pod = pod
    for list in ["initContainers", "containers"] {
      guard let containers = pod["spec"]?[list]?.array else { continue }
      pod["spec"]?[list] = .array(
        containers.map { container in
          guard isMeant(container) else { return container }
          var container = container
          container["imagePullPolicy"] = "Always"
          var resources = container["resources"] ?? [:]
          for group in ["limits", "requests"] {
            var own = resources[group] ?? [:]
            for amount in amounts.members ?? [] where own[amount.key] == nil { own[amount.key] = amount.value }
            resources[group] = own
          }
          container["resources"] = resources
          return container
        })
    }
    return pod
  }

  // MARK: Amounts

  private mutating func resources(_ value: Value, isPod: Bool) -> Value {
    var resources = value
    dropEmpty(&resources, ["limits", "requests"])
    for group in ["limits", "requests"] {
      inside(group, of: &resources) { form, amounts in
        .object(
          (amounts.members ?? []).map { Value.Member(key: $0.key, value: form.amount($0.value)) })
      }
    }
    guard isPod, let limits = resources["limits"]?.members else { return resources }
    var requests = resources["requests"] ?? [:]
    for limit in limits where requests[limit.key] == nil && happens() { requests[limit.key] = limit.value }
    if requests != [:] { resources["requests"] = requests }
    return resources
  }

  private static let spellings: [String: [String]] = [
    "500m": ["0.5"], "250m": ["0.25"], "200m": ["0.2"], "100m": ["0.1"], "128Mi": ["131072Ki"],
    "64Mi": ["65536Ki"], "1Mi": ["1024Ki"],
  ]

  /// The canonical text; with a seed, another spelling now and then.
  private mutating func amount(_ value: Value) -> Value {
    let text = value.string ?? ""
    let canonical = Self.spellings.first { $0.value.contains(text) }?.key ?? text
    guard !happens(), let others = Self.spellings[canonical], var random else { return .string(canonical) }
    defer { self.random = random }
    return .string(random.pick(others))
  }

  // MARK: Volumes

  private mutating func volume(_ value: Value) -> Value {
    var volume = value
    if volume.members?.count == 1, happens() { volume["emptyDir"] = [:] }
    for source in ["configMap", "secret", "projected", "downwardAPI"] {
      inside(source, of: &volume) { form, source in
        var source = source
        form.fill(&source, ["defaultMode": 420])
        form.each("items", of: &source) { $0.reference($1) }
        form.each("sources", of: &source) { $0.projection($1) }
        return source
      }
    }
    inside("emptyDir", of: &volume) { form, source in
      var source = source
      form.dropEmpty(&source, ["medium"])
      form.inside("sizeLimit", of: &source) { $0.amount($1) }
      return source
    }
    inside("hostPath", of: &volume) { form, source in
      var source = source
      form.fill(&source, ["type": ""])
      return source
    }
    return volume
  }

  private mutating func projection(_ value: Value) -> Value {
    var projection = value
    inside("serviceAccountToken", of: &projection) { form, token in
      var token = token
      form.dropEmpty(&token, ["audience"])
      form.fill(&token, ["expirationSeconds": 3600])
      return token
    }
    inside("downwardAPI", of: &projection) { form, source in
      var source = source
      form.each("items", of: &source) { $0.reference($1) }
      return source
    }
    return projection
  }

  // MARK: Admission

  private static let tokenPath = "/var/run/secrets/kubernetes.io/serviceaccount"

  /// What admission adds to a pod that is made, and the kubelet then says of it.
  private mutating func admitted(_ pod: Value) -> Value {
    var pod = pod
    pod["status"] = ["phase": "Running", "qosClass": "Burstable"]
    guard var spec = pod["spec"], happens() else { return pod }
    fill(&spec, ["priority": 0, "enableServiceLinks": true, "preemptionPolicy": "PreemptLowerPriority"])
    fill(&spec, ["tolerations": [["key": "node.kubernetes.io/not-ready", "operator": "Exists"]]])
    var isMounted = false
    for list in ["initContainers", "containers"] {
      each(list, of: &spec) { _, value in
        var container = value
        let mounts = container["volumeMounts"]?.array ?? []
        if mounts.contains(where: { $0["mountPath"] == .string(Self.tokenPath) }) { return container }
        isMounted = true
        let mount: Value = ["name": "kube-api-access-x7k2p", "readOnly": true, "mountPath": .string(Self.tokenPath)]
        container["volumeMounts"] = .array(mounts + [mount])
        return container
      }
    }
    if isMounted {
      spec["volumes"] = .array(
        (spec["volumes"]?.array ?? []) + [["name": "kube-api-access-x7k2p", "projected": ["defaultMode": 420]]])
    }
    pod["spec"] = spec
    return pod
  }
}
