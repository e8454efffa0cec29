internal import ManifestText
internal import Workloads

/// The rows about the agents: their containers, and how they run.
extension HashiCorpTable {
  // MARK: Agents

  static let image = Row(
    "agent-image", .text("an image", like: "registry.example.com/vault:2.0.4"),
    default: .setting("image") { $0.settings.image },
    "The agents' image.")
  static let prePopulate = Row(
    "agent-pre-populate", .boolean, default: .boolean(true), "Fetches the secrets before anything else starts.",
    whenEmpty: .always("so nothing fetches the secrets before the application starts"))
  static let prePopulateOnly = Row(
    "agent-pre-populate-only", .boolean, default: .boolean(false),
    "Fetches the secrets once, with no agent beside the application.")
  static let nativeSidecar = Row(
    "agent-native-sidecar", .boolean,
    default: AnnotationDefault("the setting `sidecars`; `true` where the pod ends") {
      $0.settings.operatorSettings.sidecars.isNative(inPodToEnd: $0.isToEnd)
    }, "Runs the agent as an init container that stays; no webhook reads it yet.",
    .needsSidecar,
    .voidedBy("`--exact`", "leave --exact out: no webhook reads it") { pod, _ in pod.settings.isExact })
  static let initFirst = Row(
    "agent-init-first", .boolean, default: .boolean(false), "Puts the agent before the pod's init containers.",
    .needs("`agent-pre-populate`", "take one or the other out") { pod, _ in
      pod.runsInitContainer || pod.isNative
    })
  static let configMap = Row(
    "agent-configmap", .optional("the name of a config map", .objectName, like: "checkout-agent"), default: .none,
    "The agents' configuration, as `config.hcl` and `config-init.hcl`, in place of the generated one.")
  static let extraSecret = Row(
    "agent-extra-secret", .optional("the name of a secret", .objectName, like: "checkout-approle"), default: .none,
    "Mounted in the agents at `\(HashiCorpPaths.custom)`.")
  static let copyVolumeMounts = Row(
    "agent-copy-volume-mounts", .optional("the name of one container", like: "checkout"), default: .none,
    "Mounts in the agents what that container mounts.")
  static let limitsCPU = Row(
    "agent-limits-cpu", .quantity(like: "250m"),
    default: .setting("hashicorp.resources.limits.cpu", text: { $0.operatorSettings.resources.limitsCPU }),
    "The CPU an agent may take; empty sets no limit.")
  static let limitsMemory = Row(
    "agent-limits-mem", .quantity,
    default: .setting("hashicorp.resources.limits.memory", text: { $0.operatorSettings.resources.limitsMemory }),
    "The memory it may take; empty sets no limit.")
  static let limitsEphemeralStorage = Row(
    "agent-limits-ephemeral", .quantity,
    default: .setting(
      "hashicorp.resources.limits.ephemeralStorage", text: { $0.operatorSettings.resources.limitsEphemeralStorage }),
    "The disk space it may take; empty sets no limit.")
  static let requestsCPU = Row(
    "agent-requests-cpu", .quantity(like: "250m"),
    default: .setting("hashicorp.resources.requests.cpu", text: { $0.operatorSettings.resources.requestsCPU }),
    "The CPU an agent asks for; empty asks for none.")
  static let requestsMemory = Row(
    "agent-requests-mem", .quantity,
    default: .setting("hashicorp.resources.requests.memory", text: { $0.operatorSettings.resources.requestsMemory }),
    "The memory it asks for; empty asks for none.")
  static let requestsEphemeralStorage = Row(
    "agent-requests-ephemeral", .quantity,
    default: .setting(
      "hashicorp.resources.requests.ephemeralStorage", text: { $0.operatorSettings.resources.requestsEphemeralStorage }),
    "The disk space it asks for; empty asks for none.")
  static let runAsUser = Row(
    "agent-run-as-user", .id, default: .id("security.runAsUser", { $0.operatorSettings.runAsUser }),
    "The user the agents run as.",
    .voidedBy("`agent-run-as-same-user`", "take one of them out") { pod, _ in pod.runsAsSameUser },
    .needs("`agent-set-security-context`", "take one of them out") { pod, _ in pod.request.setsSecurityContext },
    whenEmpty: EmptyAnnotation("which is 0: the agents run as root") { $0.request.setsSecurityContext })
  static let runAsGroup = Row(
    "agent-run-as-group", .id, default: .id("security.runAsGroup", { $0.operatorSettings.runAsGroup }), "Their group.",
    .needs("`agent-set-security-context`", "take one of them out") { pod, _ in pod.request.setsSecurityContext },
    whenEmpty: EmptyAnnotation("which is 0: the agents run in the group of root") { $0.request.setsSecurityContext })
  static let runAsSameUser = Row(
    "agent-run-as-same-user", .boolean,
    default: .setting("hashicorp.security.runAsSameUser") { $0.settings.operatorSettings.runAsSameUser },
    "Runs the agents as the first container's `securityContext.runAsUser`.",
    .needs("`agent-set-security-context`", "take one of them out") { pod, _ in pod.request.setsSecurityContext })
  static let setSecurityContext = Row(
    "agent-set-security-context", .boolean,
    default: .setting("hashicorp.security.setSecurityContext") { annotations in
      // The user the agents run as stands in a security context.
      annotations.settings.operatorSettings.setsSecurityContext
        || [runAsUser.row, runAsGroup.row, runAsSameUser.row].contains { annotations.located($0) != nil }
    }, "Gives the agents a security context.", whenEmpty: .always("so the agents have no security context"))
  static let shareProcessNamespace = Row(
    "agent-share-process-namespace", .optionalBoolean, default: .none,
    "Sets `shareProcessNamespace` of the pod, for commands that signal the application.",
    .needs("`agent-pre-populate`", "set shareProcessNamespace in the pod's spec") { pod, _ in pod.request.prePopulates
    },
    whenEmpty: EmptyAnnotation("so the pod's shareProcessNamespace is set to false") { $0.request.prePopulates })
  static let revokeOnShutdown = Row(
    "agent-revoke-on-shutdown", .boolean,
    default: .setting("hashicorp.revokeOnShutdown") { $0.settings.operatorSettings.revokeOnShutdown },
    "Revokes the agent's token when the pod ends.",
    .needsSidecar,
    whenEmpty: EmptyAnnotation("so the token lives on when the pod ends") {
      $0.settings.operatorSettings.revokeOnShutdown
    })
  static let revokeGrace = Row(
    "agent-revoke-grace", .seconds, default: .text("5"), "How long to wait before revoking.",
    .needsSidecar,
    .needs("`agent-revoke-on-shutdown`", "set agent-revoke-on-shutdown: \"true\", or take it out") { pod, _ in
      pod.request.revokesOnShutdown
    })

  /// The rows of the agents' amounts, as a container names them.
  static let amounts = [
    "limits": [
      "cpu": limitsCPU.row, "memory": limitsMemory.row, "ephemeral-storage": limitsEphemeralStorage.row,
    ],
    "requests": [
      "cpu": requestsCPU.row, "memory": requestsMemory.row, "ephemeral-storage": requestsEphemeralStorage.row,
    ],
  ]

  static let agentEntries = [
    image.entry, prePopulate.entry, prePopulateOnly.entry, nativeSidecar.entry, initFirst.entry, configMap.entry,
    extraSecret.entry, copyVolumeMounts.entry, limitsCPU.entry, limitsMemory.entry, limitsEphemeralStorage.entry,
    requestsCPU.entry, requestsMemory.entry, requestsEphemeralStorage.entry, runAsUser.entry, runAsGroup.entry,
    runAsSameUser.entry, setSecurityContext.entry, shareProcessNamespace.entry, revokeOnShutdown.entry,
    revokeGrace.entry,
  ]

  // MARK: Templates, cache and the agents' run

  /// The agent's own defaults.
  static let usualPermissions = "0644"
  static let usualRenderInterval = "5m"

  static let exitOnRetryFailure = Row(
    "template-config-exit-on-retry-failure", .boolean,
    default: .setting("hashicorp.exitOnRetryFailure") { $0.settings.operatorSettings.exitOnRetryFailure },
    "Ends the agent where a secret cannot be had after some attempts.",
    .voidedByConfigMap,
    whenEmpty: .always("so the agent goes on without a secret that it cannot have"))
  static let renderInterval = Row(
    "template-static-secret-render-interval", .text("a duration such as `30s`", .duration),
    default: .setting("hashicorp.staticSecretRenderInterval") {
      $0.settings.operatorSettings.staticSecretRenderInterval
    },
    "How often secrets without a lease are read again.",
    .voidedByConfigMap,
    .needsSidecar)
  static let maxConnectionsPerHost = Row(
    "template-max-connections-per-host", .wholeNumber,
    default: .setting("hashicorp.maxConnectionsPerHost") { Int64($0.settings.operatorSettings.maxConnectionsPerHost) },
    "How many connections the templates may open.",
    .voidedByConfigMap)
  static let leaseRenewalThreshold = Row(
    "template-lease-renewal-threshold", .ratio, default: AnnotationDefault("the agent's") { _ in 0 },
    "The part of a lease after which it is renewed.",
    .voidedByConfigMap,
    .needsSidecar)
  static let cacheEnable = Row(
    "agent-cache-enable", .boolean, default: .boolean(false), "Keeps tokens and leases in a cache.",
    .voidedByConfigMap, .needsSidecar,
    .requires("the service account's token in its usual place") { pod, annotation in
      let isElsewhere = pod.request.token.path != "\(HashiCorpToken.kubernetesPath)/token"
      return pod.keepsCache && isElsewhere ? .cacheWithOtherToken(pod.request.token.path, at: annotation.range) : nil
    })
  static let cacheToken = Row(
    "agent-cache-use-auto-auth-token", .text("`true`, `false`, `force`", .cacheToken), default: .text("true"),
    "Whether requests through the cache get the agent's token.", .voidedByConfigMap, .needsSidecar,
    .needs("`agent-cache-enable`", "set agent-cache-enable: \"true\", or take it out") { pod, _ in pod.request.usesCache
    })
  static let cacheListenerPort = Row(
    "agent-cache-listener-port", .text("a port", .port, like: "8300"), default: .text("8200"),
    "Where the cache listens on 127.0.0.1.",
    .voidedByConfigMap,
    .needs("`agent-cache-enable` or `agent-enable-quit`", "set one of them to \"true\", or take it out") { pod, _ in
      pod.request.usesCache && pod.runsSidecar || pod.request.enablesQuit
    },
    whenEmpty: EmptyAnnotation("so the listener has no port") { $0.request.usesCache || $0.request.enablesQuit })
  static let cacheExitsOnError = Row(
    "agent-cache-exit-on-err", .boolean, default: .boolean(false), "Ends the agent where the cache is broken.",
    .voidedByConfigMap, .needsSidecar,
    .needs("`agent-cache-enable`", "set agent-cache-enable: \"true\", or take it out") { pod, _ in pod.request.usesCache
    },
    .needs("an init container that hands the cache on", "take it out: a cache in memory cannot be broken") { pod, _ in
      pod.runsInitContainer
    })
  static let enableQuit = Row(
    "agent-enable-quit", .boolean, default: .boolean(false), "Lets `/agent/v1/quit` end the agent.",
    .voidedByConfigMap,
    .needsSidecar)
  static let logLevel = Row(
    "log-level", .text("`trace`, `debug`, `info`, `warn`, `error`", .logLevel),
    default: .setting("agent.logLevel") { $0.settings.operatorSettings.logLevel }, "How much the agents log.")
  static let logFormat = Row(
    "log-format", .text("`standard`, `json`", .logFormat),
    default: .setting("agent.logFormat") { $0.settings.operatorSettings.logFormat },
    "How they log.")
  static let goMaxProcs = Row(
    "go-max-procs", .text("a number", like: "2"), default: .empty, "How many threads the agents' Go code runs on.")
  static let disableIdleConnections = Row(
    "agent-disable-idle-connections", .names,
    default: .setting("hashicorp.disableIdleConnections") { $0.settings.operatorSettings.disableIdleConnections },
    "The parts of the agent that close connections they do not use.",
    .voidedByConfigMap)
  static let disableKeepAlives = Row(
    "agent-disable-keep-alives", .names,
    default: .setting("hashicorp.disableKeepAlives") { $0.settings.operatorSettings.disableKeepAlives },
    "The parts of the agent that take a new connection for each request.",
    .voidedByConfigMap)
  static let telemetry = Row(
    "agent-telemetry-PARAM", .text("JSON or text", .verbatim, like: "24h"), default: .empty,
    "A setting of the agents' telemetry; `-` stands for `_`.", .voidedByConfigMap,
    exampleName: "prometheus-retention-time")
  static let patch = Row(
    "agent-json-patch", .patch, default: .none, "Changes the sidecar's container, last of all.",
    .needs("a sidecar", "patch the init container in agent-init-json-patch") { pod, _ in pod.runsSidecar })
  static let initPatch = Row(
    "agent-init-json-patch", .patch, default: .none, "Changes the init container, last of all.",
    .voidedBy("a native sidecar", "patch the sidecar in agent-json-patch") { pod, _ in
      pod.isNative && !pod.runsInitContainer
    },
    .needs("`agent-pre-populate`", "patch the sidecar in agent-json-patch") { pod, _ in pod.runsInitContainer })

  static let runEntries = [
    exitOnRetryFailure.entry, renderInterval.entry, maxConnectionsPerHost.entry, leaseRenewalThreshold.entry,
    cacheEnable.entry, cacheToken.entry, cacheListenerPort.entry, cacheExitsOnError.entry, enableQuit.entry,
    logLevel.entry, logFormat.entry, goMaxProcs.entry, disableIdleConnections.entry, disableKeepAlives.entry,
    telemetry.entry, patch.entry, initPatch.entry,
  ]
}
