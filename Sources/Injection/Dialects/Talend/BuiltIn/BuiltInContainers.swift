package import ManifestText

/// What an injection brings into a pod, in the order of the pod's lists.
package struct BroughtAlong: Equatable, Sendable {
  /// Init containers that end.
  package var initContainers: [Value] = []
  /// Containers that stay beside the application.
  package var sidecars: [Value] = []
  package var volumes: [Value] = []

  /// Nothing.
  package init() {}
}

/// The built-in containers and volumes, made for each pod: they hold what it needs and nothing else.
///
/// What is the same in every pod is put together once, as the API server writes it.
package struct BuiltInContainers: Sendable {
  private let settings: TalendSettings
  private let hcl: AgentHCL
  private let frames: Frames
  private let scripts: Scripts
  private let volumes: Volumes
  let mounts = BuiltInMounts()
  private let authority: [Value]

  /// What the containers and volumes are called that a pod may get.
  static let names =
    ownNames + [BuiltInVolumes.secrets, BuiltInVolumes.certificateAuthority, BuiltInVolumes.token]

  /// Those that only an injection brings.
  static let ownNames = BuiltInNames.all + [BuiltInVolumes.shared, BuiltInVolumes.agent]

  package init(_ settings: TalendSettings) {
    let parts = BuiltInParts(settings: settings)
    self.settings = settings
    hcl = AgentHCL(settings)
    frames = Frames(parts)
    scripts = Scripts(settings)
    volumes = Volumes(parts)
    authority = parts.certificateAuthorityMounts
  }

  /// The lists and maps that are the same in every pod.
  var constants: [Value] { frames.all.flatMap(\.constants) + volumes.all + mounts.all }

  /// What a pod gets.
  package func brought(for needs: TalendNeeds) -> BroughtAlong {
    var brought = BroughtAlong()
    if needs.runsInitAgent {
      brought.initContainers.append(initAgent(needs))
      if needs.wantsEnvironmentHelper { brought.initContainers.append(environmentHelper()) }
    }
    if let job = needs.job { brought.sidecars.append(babysitter(job, needs)) }
    if needs.runsAgent { brought.sidecars.append(agent(needs)) }
    if needs.keepsFiles, settings.renderer == .consulTemplate { brought.sidecars.append(consulTemplate(needs)) }
    brought.volumes = volumes.needed(needs)
    return brought
  }

  // MARK: Containers

  private func initAgent(_ needs: TalendNeeds) -> Value {
    frames.initAgent.container(
      image: needs.image, script: scripts.once.text(hcl.once(needs)), mounts: agentMounts(needs, writesFiles: true))
  }

  private func agent(_ needs: TalendNeeds) -> Value {
    let writesFiles = needs.keepsFiles && settings.renderer == .agent
    return frames.agent.container(
      image: needs.image, script: scripts.sidecar.text(hcl.sidecar(needs), wait(needs)),
      mounts: agentMounts(needs, writesFiles: writesFiles) + sharedMounts(needs),
      nativeWith: !needs.isNative ? nil : probe.agent(needs, writesFiles: writesFiles))
  }

  private func consulTemplate(_ needs: TalendNeeds) -> Value {
    let configuration = ConsulTemplateHCL.text(settings) + hcl.templates(needs.files)
    let wait = wait(needs)
    return frames.consulTemplate.container(
      script: AgentScript.consulTemplate(wait).text(configuration, wait),
      mounts: [
        .mount(BuiltInVolumes.secrets, BuiltInPaths.secrets), .mount(BuiltInVolumes.agent, BuiltInPaths.agentHome),
      ]
        + authority + sharedMounts(needs),
      nativeWith: !needs.isNative ? nil : probe.consulTemplate(needs))
  }

  private func wait(_ needs: TalendNeeds) -> AgentScript.Wait { needs.job == nil ? .forProgram : .forJob }

  private func babysitter(_ job: TalendNeeds.Job, _ needs: TalendNeeds) -> Value {
    let hasOwnToken = needs.podToken == BuiltInVolumes.token && !settings.tokenAudience.isEmpty
    return frames.babysitter.container(
      script: scripts.babysitter.text(job, token: hasOwnToken ? BuiltInVolumes.apiToken : "token"),
      mounts: sharedMounts(needs) + [.mount(needs.podToken, BuiltInPaths.apiServiceAccount, readOnly: true)])
  }

  /// A script, or a program for images that have no shell to run it with.
  private func environmentHelper() -> Value {
    let mounts = [Value.mount(BuiltInVolumes.secrets, BuiltInPaths.secrets)]
    if settings.environmentHelperImage.isEmpty {
      return frames.environmentHelper.container(script: EnvironmentHelperScript.text, mounts: mounts)
    }
    let program = "\(BuiltInPaths.secrets)/\(TalendConfiguration.environmentHelper)"
    return frames.environmentHelper.container(command: EnvironmentProgram.installation(at: program), mounts: mounts)
  }

  private var probe: TalendStartupProbe { TalendStartupProbe(settings) }

  // MARK: Mounts

  private func agentMounts(_ needs: TalendNeeds, writesFiles: Bool) -> [Value] {
    var mounts: [Value] = []
    if writesFiles || needs.login == .appRole {
      mounts.append(self.mounts.secrets)
    }
    mounts.append(self.mounts.agent)
    if needs.login != .appRole { mounts.append(self.mounts.token(on: needs.agentToken)) }
    return mounts + authority
  }

  private func sharedMounts(_ needs: TalendNeeds) -> [Value] {
    needs.job == nil ? [] : [.mount(BuiltInVolumes.shared, BuiltInPaths.shared)]
  }
}

// MARK: What is the same in every pod

/// Where volumes are mounted in most pods.
struct BuiltInMounts: Sendable {
  let secrets = Value.mount(BuiltInVolumes.secrets, BuiltInPaths.secrets)
  let agent = Value.mount(BuiltInVolumes.agent, BuiltInPaths.agentHome)
  private let token = Value.mount(BuiltInVolumes.token, BuiltInPaths.vaultServiceAccount, readOnly: true)

  /// All that are the same in every pod.
  var all: [Value] { [secrets, agent, token] }

  /// The token that the agents log in with, which may be on a volume of the pod's own.
  func token(on volume: String) -> Value {
    volume == BuiltInVolumes.token ? token : .mount(volume, BuiltInPaths.vaultServiceAccount, readOnly: true)
  }
}

extension BuiltInContainers {
  /// The containers but for what a pod decides.
  private struct Frames: Sendable {
    let initAgent, agent, consulTemplate, babysitter, environmentHelper: ContainerFrame

    var all: [ContainerFrame] { [initAgent, agent, consulTemplate, babysitter, environmentHelper] }

    init(_ parts: BuiltInParts) {
      let settings = parts.settings
      func frame(
        _ name: String, image: String = "", env: [Value] = [], _ resources: TalendSettings.Resources
      ) -> ContainerFrame {
        ContainerFrame(
          parts.container(
            name, image: image.isEmpty ? CommonDefaults.effectiveImage(settings.image) : image, command: [], env: env,
            mounts: [], resources: resources))
      }
      initAgent = frame(BuiltInNames.initAgent, env: parts.vaultEnvironment, settings.agentResources)
      agent = frame(BuiltInNames.agent, env: parts.vaultEnvironment, settings.agentResources)
      consulTemplate = frame(
        BuiltInNames.consulTemplate, image: settings.consulTemplateImage, env: parts.vaultEnvironment,
        settings.agentResources)
      babysitter = frame(BuiltInNames.babysitter, env: BuiltInParts.podNames, settings.babysitterResources)
      environmentHelper = frame(
        BuiltInNames.environmentHelper, image: settings.environmentHelperImage, settings.environmentHelperResources)
    }
  }

  private struct Scripts: Sendable {
    let once, sidecar: AgentScript
    let babysitter: BabysitterScript

    init(_ settings: TalendSettings) {
      once = .agent(program: settings.program, once: true)
      sidecar = .agent(program: settings.program, once: false)
      babysitter = BabysitterScript(settings)
    }
  }

  private struct Volumes: Sendable {
    private let secrets, shared, agent, token, tokens: Value
    private let authority: Value?

    var all: [Value] { [secrets, shared, agent, token, tokens] + [authority].compactMap(\.self) }

    init(_ parts: BuiltInParts) {
      let settings = parts.settings
      func stored(_ name: String, size: String) -> Value { PodPlace.volume.stored(parts.memory(name, size: size)) }
      secrets = stored(BuiltInVolumes.secrets, size: settings.secretsVolumeSize)
      shared = stored(BuiltInVolumes.shared, size: "1Mi")
      agent = stored(BuiltInVolumes.agent, size: settings.agentVolumeSize)
      authority = parts.certificateAuthorityVolume.map { PodPlace.volume.stored($0) }
      token = ProjectedToken(settings).volume(asksServer: false)
      tokens = ProjectedToken(settings).volume(asksServer: true)
    }

    func needed(_ needs: TalendNeeds) -> [Value] {
      let runsAgent = needs.runsAgent || needs.runsInitAgent
      var volumes: [Value] = []
      if needs.usesSecrets || needs.mountsSecrets, !needs.bringsSecrets { volumes.append(secrets) }
      if needs.job != nil { volumes.append(shared) }
      if runsAgent { volumes.append(agent) }
      if runsAgent, let authority { volumes.append(authority) }
      if needs.job != nil, needs.podToken == BuiltInVolumes.token {
        volumes.append(tokens)
      } else if runsAgent, needs.login != .appRole, needs.agentToken == BuiltInVolumes.token {
        volumes.append(token)
      }
      return volumes
    }
  }
}

/// A container but for its command and its mounts, and what else differs from pod to pod.
private struct ContainerFrame: Sendable {
  private let name: Value.Member
  private let image: Value.Member
  /// What the API server writes between the image and the command, and between the command and the mounts.
  private let beforeCommand, beforeMounts: [Value.Member]

  init(_ container: Value) {
    let members = PodPlace.container.stored(container).members ?? []
    name = Value.Member(key: "name", value: container["name"] ?? .null)
    image = Value.Member(key: "image", value: container["image"] ?? .null)
    beforeCommand = members.filter { $0.key == "imagePullPolicy" }
    beforeMounts = members.filter { !["name", "image", "imagePullPolicy", "command", "volumeMounts"].contains($0.key) }
  }

  /// The lists and maps that are the same in every pod.
  var constants: [Value] { beforeMounts.map(\.value) }

  func container(image: String? = nil, script: String, mounts: [Value], nativeWith probe: Value? = nil) -> Value {
    container(image: image, command: ["sh", "-c", .string(script)], mounts: mounts, nativeWith: probe)
  }

  /// A native sidecar where it has a startup probe.
  func container(image: String? = nil, command: [Value], mounts: [Value], nativeWith probe: Value? = nil) -> Value {
    var members: [Value.Member] = []
    members.reserveCapacity(10)
    members.append(name)
    members.append(image.map { Value.Member(key: "image", value: .string($0)) } ?? self.image)
    members += beforeCommand
    members.append(Value.Member(key: "command", value: .array(command)))
    members += beforeMounts
    members.append(Value.Member(key: "volumeMounts", value: .array(mounts)))
    if let probe {
      members.append(Value.Member(key: "restartPolicy", value: "Always"))
      members.append(Value.Member(key: "startupProbe", value: probe))
    }
    return .object(members)
  }
}
