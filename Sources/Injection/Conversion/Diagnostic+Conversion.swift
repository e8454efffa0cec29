internal import ManifestText
internal import Workloads

/// What a conversion has to say.
extension Diagnostic {
  // MARK: What cannot be expressed

  static func injectedAlready(_ key: String, _ template: PodTemplate) throws(Diagnostic) -> Diagnostic {
    Diagnostic(
      rule: "conversion-of-injected", message: "the pod has been injected, and only what asks for that is converted",
      hint: "take the injection out first, with the command uninject",
      range: try template.annotations().value(key)?.range)
  }

  private static func inexpressible(_ message: String, _ hint: String, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(rule: "not-convertible", message: message, hint: hint, range: range)
  }

  static func noEnvironment(at range: Range<Int>?) -> Diagnostic {
    inexpressible(
      "HashiCorp's injector cannot put secrets into the environment",
      "let the container's command read a file: `. /vault/secrets/env && exec app`, with `export` lines in its template",
      at: range)
  }

  static func ownVolume(at range: Range<Int>) -> Diagnostic {
    inexpressible(
      "the pod brings the volume `secrets` itself, and HashiCorp's injector always brings its own",
      "take the volume out, unless other things need it; then mount it elsewhere under another name", at: range)
  }

  static func ownMount(_ container: String, _ path: String, at range: Range<Int>) -> Diagnostic {
    inexpressible(
      "the container `\(container)` mounts the volume `secrets` at \(path), and HashiCorp's injector brings no such volume",
      "remove this mount: HashiCorp's injector mounts the secrets at \(TalendPod.secretsPath) in every container",
      at: range)
  }

  static func blankTemplate(_ destination: String, at range: Range<Int>?) -> Diagnostic {
    inexpressible(
      "HashiCorp's injector takes no notice of a template of white space, as that of `\(destination)` is",
      "take it out together with its destination, or give it text", at: range)
  }

  static func tokenNotProjected(_ volume: String, at range: Range<Int>?) -> Diagnostic {
    inexpressible(
      "the token is on the volume `\(volume)`, and HashiCorp's injector takes one from projected volumes only",
      "make it a projected volume with a serviceAccountToken source", at: range)
  }

  static func mergedAnnotation(_ key: String, at range: Range<Int>) -> Diagnostic {
    inexpressible(
      "`\(key)` comes in through a merge key, and other maps may share it", "write it out where it is used", at: range)
  }

  static func takenAnnotation(_ key: String, at range: Range<Int>) -> Diagnostic {
    inexpressible("the pod has `\(key)` already", "take it out, or take out Talend's annotations", at: range)
  }

  // MARK: What is different

  private static func differs(_ message: String, _ hint: String?, at range: Range<Int>?) -> Diagnostic {
    Diagnostic(.warning, rule: "converted-differently", message: message, hint: hint, range: range)
  }

  static func hookBecomesInitContainer(at range: Range<Int>?) -> Diagnostic {
    differs(
      "there is no hook that holds a container's start; an init container fetches the secrets before any starts",
      "where containers have a postStart hook of their own, it stays as it is", at: range)
  }

  static func proxyBecomesCache(rendersToo: Bool, at range: Range<Int>?) -> Diagnostic {
    differs(
      "there is no proxy mode; the agent's cache answers on the same port, and adds the agent's token as well",
      rendersToo ? "the agent beside the application keeps the files up to date, too" : nil, at: range)
  }

  static func jobTakesNativeSidecar(at range: Range<Int>?) -> Diagnostic {
    differs(
      "there is no job mode; the agent ends with the job as a native sidecar, which HashiCorp's webhook does not know",
      "for the webhook, set agent-pre-populate-only: \"true\" in place of agent-native-sidecar", at: range)
  }

  static func surplusCommands(_ count: Int, at range: Range<Int>?) -> Diagnostic {
    differs(
      "\(count == 1 ? "the last command has" : "the last \(count) commands have") no file and never ran, and "
        + "\(count == 1 ? "is" : "are") left out",
      nil, at: range)
  }

  static func commandRunsTwice(at range: Range<Int>?) -> Diagnostic {
    differs(
      "the command also runs in the init container, where no application has been started yet",
      "make it succeed without the application, as `pkill -HUP app || true` does: where it fails, the pod may not start",
      at: range)
  }

  static func templateBlockIgnored(at range: Range<Int>?) -> Diagnostic {
    differs(
      "what the webhook's own templateblock.hcl says beside the template is not converted",
      "compare it with the annotations agent-inject-perms-NAME, -command-NAME and agent-template-left-delim-NAME",
      at: range)
  }
}
