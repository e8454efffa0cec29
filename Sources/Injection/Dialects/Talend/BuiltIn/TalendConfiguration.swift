package import ManifestText

/// What the injector adds to pods: the contents of its five configuration files.
///
/// Texts may hold the placeholders the injector knows (`<VSI_SECRETS_DESTINATION>` and its like).
package struct TalendConfiguration: Equatable, Sendable, WebhookContents {
  /// Whose containers they are.
  package enum Origin: Equatable, Sendable {
    /// Our own, put together from settings: values are quoted as HCL needs it where they are put.
    case builtIn
    /// Those of a webhook's configuration, into which values are put as they are.
    case webhook
  }

  /// core/v1 containers to pick from by name, in order.
  package var initContainers: [Value]
  /// core/v1 containers to pick from by name, in order.
  package var containers: [Value]
  /// core/v1 volumes, in order.
  package var volumes: [Value]
  /// What makes the agent a proxy; its placeholder is the port.
  package var proxyConfig: String
  /// One template stanza; written once for each destination.
  package var templateBlock: String
  /// The template of destinations that come with none.
  package var templateDefault: String
  /// A core/v1 lifecycle handler that holds an application back until its secrets are there.
  package var postStart: Value?
  /// Built in, or the webhook's own.
  package var origin: Origin

  package init(
    initContainers: [Value] = [], containers: [Value] = [], volumes: [Value] = [], proxyConfig: String = "",
    templateBlock: String = "", templateDefault: String = "", postStart: Value? = nil,
    origin: Origin = .webhook
  ) {
    self.initContainers = initContainers
    self.containers = containers
    self.volumes = volumes
    self.proxyConfig = proxyConfig
    self.templateBlock = templateBlock
    self.templateDefault = templateDefault
    self.postStart = postStart
    self.origin = origin
  }

  /// The same configuration, with everything spelt as the API server writes it.
  var stored: TalendConfiguration {
    var stored = self
    stored.initContainers = initContainers.map { PodPlace.container.stored($0) }
    stored.containers = containers.map { PodPlace.container.stored($0) }
    stored.volumes = volumes.map { PodPlace.volume.stored($0) }
    stored.postStart = postStart.map { PodPlace.hook.stored($0) }
    return stored
  }
}
