extension AnnotationSchema {
  /// The annotations of HashiCorp's injector; what is written in capitals at the end of a key stands for a name.
  static let hashicorp = AnnotationSchema(
    prefix: HashiCorpDialect.prefix, rows: request + secrets + agents + login + vault + templates + cache + adjustments,
    misnomers: [
      "secrets-path": "agent-inject-secret-NAME", "secrets-destination": "agent-inject-file-NAME",
      "secrets-template": "agent-inject-template-NAME", "secrets-type": "agent-pre-populate-only",
      "notify": "agent-inject-command-NAME", "sidecars": "agent-native-sidecar", "auth": "auth-type",
      "sa-token": "agent-service-account-token-volume-name", "proxy-port": "agent-cache-listener-port",
      "address": "service", "vault-addr": "service", "vault-address": "service", "vault-namespace": "namespace",
      "tls-verify": "tls-skip-verify", "auth-method": "auth-type",
    ])

  private static let request = [
    Row("agent-inject", default: "off", accepts: boolean, "Asks for injection."),
    Row(
      "agent-inject-status", default: "none", accepts: "set by the injector",
      "`injected` keeps the injection from happening twice."),
    Row("agent-inject-containers", default: "all", accepts: list, "The containers that can read the secrets."),
    Row(
      "agent-request-namespace", default: "the object's namespace", accepts: "any text",
      "Has no effect; only empty it is refused."),
  ]

  private static let secrets = [
    Row("agent-inject-secret-NAME", default: "none", accepts: "a path in Vault", "A secret, rendered into a file."),
    Row(
      "agent-inject-template-NAME", default: "the default template", accepts: "a template in Vault Agent's language",
      "What the file holds; makes a secret by itself."),
    Row(
      "agent-inject-template-file-NAME", default: "none", accepts: "a path in the agent's container",
      "The file the template is in."),
    Row(
      "agent-inject-default-template", default: "the configuration's", accepts: "`map`, `json`",
      "What files hold that have no template."),
    Row("agent-inject-file-NAME", default: "NAME", accepts: "a path below the folder", "The file's name."),
    Row("agent-inject-perms-NAME", default: "`0644`", accepts: "permissions in octal", "The file's mode."),
    Row("agent-inject-command-NAME", default: "none", accepts: "a command", "Runs after the file was written."),
    Row("agent-template-left-delim-NAME", default: "`{{`", accepts: "any text", "What opens the template's actions."),
    Row("agent-template-right-delim-NAME", default: "`}}`", accepts: "any text", "What closes them."),
    Row(
      "error-on-missing-key-NAME", default: "`false`", accepts: boolean,
      "Fails where the template reads a key the secret does not have."),
    Row(
      "preserve-secret-case", default: "`false`", accepts: boolean, "Keeps the case of NAME in the files' names."),
    Row("preserve-secret-case-NAME", default: "as above", accepts: boolean, "The same for one file."),
    Row("secret-volume-path", default: "`/vault/secrets`", accepts: "a path", "The folder of the files."),
    Row("secret-volume-path-NAME", default: "as above", accepts: "a path", "The folder of one file."),
    Row(
      "agent-inject-token", default: "`false`", accepts: boolean, "Writes Vault's token beside the secrets, as `token`."
    ),
  ]

  private static let agents = [
    Row("agent-image", default: "the configuration's", accepts: "an image", "The agents' image."),
    Row(
      "agent-pre-populate", default: "`true`", accepts: boolean, "Fetches the secrets before anything else starts."),
    Row(
      "agent-pre-populate-only", default: "`false`", accepts: boolean,
      "Fetches the secrets once, with no agent beside the application."),
    Row(
      "agent-native-sidecar", default: "the configuration's; `true` in Jobs and CronJobs", accepts: boolean,
      "Runs the agent as an init container that stays; no webhook reads it yet."),
    Row("agent-init-first", default: "`false`", accepts: boolean, "Puts the agent before the pod's init containers."),
    Row(
      "agent-configmap", default: "none", accepts: "the name of a config map",
      "The agents' configuration, as `config.hcl` and `config-init.hcl`, in place of the generated one."),
    Row(
      "agent-extra-secret", default: "none", accepts: "the name of a secret",
      "Mounted in the agents at `/vault/custom`."),
    Row(
      "agent-copy-volume-mounts", default: "none", accepts: "the name of one container",
      "Mounts in the agents what that container mounts."),
    Row("agent-limits-cpu", default: "the configuration's", accepts: quantity, "The CPU an agent may take."),
    Row("agent-limits-mem", default: "the configuration's", accepts: quantity, "The memory it may take."),
    Row("agent-limits-ephemeral", default: "the configuration's", accepts: quantity, "The disk space it may take."),
    Row("agent-requests-cpu", default: "the configuration's", accepts: quantity, "The CPU an agent asks for."),
    Row("agent-requests-mem", default: "the configuration's", accepts: quantity, "The memory it asks for."),
    Row(
      "agent-requests-ephemeral", default: "the configuration's", accepts: quantity, "The disk space it asks for."),
    Row("agent-run-as-user", default: "the configuration's", accepts: "a user's number", "Whom the agents run as."),
    Row("agent-run-as-group", default: "the configuration's", accepts: "a group's number", "Their group."),
    Row(
      "agent-run-as-same-user", default: "the configuration's", accepts: boolean,
      "Runs the agents as the first container's `securityContext.runAsUser`."),
    Row(
      "agent-set-security-context", default: "the configuration's", accepts: boolean,
      "Gives the agents a security context."),
    Row(
      "agent-share-process-namespace", default: "none", accepts: boolean,
      "Sets `shareProcessNamespace` of the pod, for commands that signal the application."),
    Row(
      "agent-revoke-on-shutdown", default: "the configuration's", accepts: boolean,
      "Revokes the agent's token when the pod ends."),
    Row("agent-revoke-grace", default: "`5`", accepts: "seconds", "How long that waits."),
  ]

  private static let login = [
    Row("role", default: "none", accepts: "any text", "The Vault role to log in with."),
    Row("auth-type", default: "the configuration's", accepts: "an auth method of the agent", "How to log in."),
    Row(
      "auth-path", default: "the configuration's", accepts: "a path such as `auth/kubernetes`",
      "Where the auth method is mounted."),
    Row(
      "auth-config-PARAM", default: "none", accepts: "any text", "A parameter of the auth method; `-` stands for `_`."),
    Row(
      "auth-min-backoff", default: "the configuration's", accepts: duration,
      "How long to wait after a failed login, at first."),
    Row("auth-max-backoff", default: "the configuration's", accepts: duration, "How long to wait at most."),
    Row("agent-auto-auth-exit-on-err", default: "`false`", accepts: boolean, "Ends the agent where a login fails."),
    Row(
      "agent-service-account-token-volume-name", default: "what a container mounts, or our own",
      accepts: "the name of a projected volume", "The service-account token to log in with."),
  ]

  private static let vault = [
    Row("service", default: "the configuration's", accepts: "a URL", "Where Vault is."),
    Row("namespace", default: "the configuration's", accepts: "any text", "The Vault namespace to log in to."),
    Row("proxy-address", default: "the configuration's", accepts: "a URL", "The proxy between the agents and Vault."),
    Row(
      "tls-skip-verify", default: "the configuration's", accepts: boolean, "Leaves Vault's certificate unchecked."),
    Row(
      "tls-secret", default: "the configuration's", accepts: "the name of a secret",
      "Mounted in the agents at `/vault/tls`."),
    Row(
      "tls-server-name", default: "the configuration's", accepts: "any text",
      "The name Vault's certificate is checked against."),
    Row(
      "ca-cert", default: "the configuration's", accepts: "a path", "The certificate authority of Vault's certificate."),
    Row("ca-key", default: "none", accepts: "a path", "A folder of such authorities, whatever its name says."),
    Row("client-cert", default: "none", accepts: "a path", "The agents' own certificate."),
    Row("client-key", default: "none", accepts: "a path", "Its key."),
    Row("client-max-retries", default: "none", accepts: "a number", "How often a request is tried again."),
    Row("client-timeout", default: "none", accepts: "seconds or a duration", "How long a request may take."),
  ]

  private static let templates = [
    Row(
      "template-config-exit-on-retry-failure", default: "the configuration's", accepts: boolean,
      "Ends the agent where a secret cannot be had after some attempts."),
    Row(
      "template-static-secret-render-interval", default: "the configuration's", accepts: duration,
      "How often secrets without a lease are read again."),
    Row(
      "template-max-connections-per-host", default: "the configuration's", accepts: "a number",
      "How many connections the templates may open."),
    Row(
      "template-lease-renewal-threshold", default: "the agent's", accepts: "a number such as `0.9`",
      "The part of a lease after which it is renewed."),
  ]

  private static let cache = [
    Row("agent-cache-enable", default: "`false`", accepts: boolean, "Keeps tokens and leases in a cache."),
    Row(
      "agent-cache-use-auto-auth-token", default: "`true`", accepts: "`true`, `false`, `force`",
      "Whether requests through the cache get the agent's token."),
    Row("agent-cache-listener-port", default: "`8200`", accepts: "a port", "Where the cache listens on 127.0.0.1."),
    Row("agent-cache-exit-on-err", default: "`false`", accepts: boolean, "Ends the agent where the cache is broken."),
    Row("agent-enable-quit", default: "`false`", accepts: boolean, "Lets `/agent/v1/quit` end the agent."),
  ]

  private static let adjustments = [
    Row(
      "log-level", default: "`info`", accepts: "`trace`, `debug`, `info`, `warn`, `error`", "How much the agents log."),
    Row("log-format", default: "`standard`", accepts: "`standard`, `json`", "How they log."),
    Row("go-max-procs", default: "none", accepts: "a number", "How many threads the agents' Go code runs on."),
    Row(
      "agent-disable-idle-connections", default: "the configuration's", accepts: list,
      "The parts of the agent that close connections they do not use."),
    Row(
      "agent-disable-keep-alives", default: "the configuration's", accepts: list,
      "The parts of the agent that take a new connection for each request."),
    Row(
      "agent-telemetry-PARAM", default: "none", accepts: "JSON or text",
      "A setting of the agents' telemetry; `-` stands for `_`."),
    Row("agent-json-patch", default: "none", accepts: patch, "Changes the sidecar's container, last of all."),
    Row("agent-init-json-patch", default: "none", accepts: patch, "Changes the init container, last of all."),
  ]

  private static let boolean = "`true`, `false`"
  private static let list = "names, comma-separated, no spaces"
  private static let quantity = "a quantity, or empty for none"
  private static let duration = "a duration such as `30s`"
  private static let patch = "a JSON Patch"
}
