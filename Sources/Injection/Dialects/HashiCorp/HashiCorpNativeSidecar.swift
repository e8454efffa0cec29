internal import ManifestText

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
    StartupProbe(seconds: pod.knobs.startupSeconds)
      .filesExist([HashiCorpPaths.token] + pod.secrets.map(\.destination))
  }
}
