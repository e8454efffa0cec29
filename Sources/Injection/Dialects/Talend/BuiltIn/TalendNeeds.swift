/// What a pod needs of the built-in containers: everything they would have to decide is decided.
package struct TalendNeeds: Equatable, Sendable {
  /// How the agents log in.
  package enum Login: Equatable, Sendable {
    case kubernetes(role: String)
    case appRole
  }

  /// When the files are written.
  package enum Rendering: Equatable, Sendable {
    /// Before anything else starts, by an init container.
    case once
    /// Whenever a secret changes, by an agent beside the application.
    case always
  }

  /// The container that a babysitter watches.
  package struct Job: Equatable, Sendable {
    package var container: String
    /// True where the container is started again after it failed.
    package var isStartedAgain: Bool

    package init(container: String, isStartedAgain: Bool) {
      (self.container, self.isStartedAgain) = (container, isStartedAgain)
    }
  }

  package var login: Login
  package var files: [TalendTemplate] = []
  package var rendering = Rendering.always
  /// The image of the agents, where the pod names one.
  package var image: String?
  /// True where applications start with their secrets in the environment.
  package var wantsEnvironmentHelper = false
  /// Where the proxy listens; nil without one.
  package var proxyPort: String?
  /// What a babysitter watches; nil without one.
  package var job: Job?
  /// True where the agent stays as an init container.
  package var isNative = false
  /// The volume with the token the agents log in with.
  package var agentToken = BuiltInVolumes.token
  /// The volume with the token the babysitter asks the API server with.
  package var podToken = BuiltInVolumes.token
  /// True where the pod brings a volume for the secrets itself.
  package var bringsSecrets = false
  /// True where containers of the pod mount the volume for the secrets by its name, whatever is on it.
  package var mountsSecrets = false

  package init(login: Login) { self.login = login }
}

extension TalendNeeds {
  /// True where an init container renders the files and ends.
  var runsInitAgent: Bool { rendering == .once && !files.isEmpty }

  /// True where the agent beside the application keeps files up to date, or has somebody do it.
  var keepsFiles: Bool { rendering == .always && !files.isEmpty }

  /// True where an agent stays beside the application.
  var runsAgent: Bool { keepsFiles || proxyPort != nil || job != nil }

  /// True where anything is on the secrets volume: AppRole's ids are, too.
  var usesSecrets: Bool { !files.isEmpty || login == .appRole && runsAgent }
}
