import ManifestText

extension BuiltInContainers {
  /// Puts the program `vaultinjector-env` beside the static secrets: a script, or a program for images that have
  /// no shell to run it with.
  var environmentHelper: Value {
    settings.environmentHelperImage.isEmpty ? environmentScriptWriter : environmentProgramCopier
  }

  private var helperPath: String { "\(BuiltInPaths.secrets)/\(TalendConfiguration.environmentHelper)" }

  private var environmentProgramCopier: Value {
    container(
      "tvsi-env-init",
      image: settings.environmentHelperImage,
      command: ["/\(TalendConfiguration.environmentHelper)", "--install", helperPath],
      env: [],
      mounts: [Value.mount(BuiltInVolumes.secrets, BuiltInPaths.secrets)],
      resources: settings.environmentHelperResources)
  }

  private var environmentScriptWriter: Value {
    container(
      "tvsi-env-init",
      script: environmentHelperScript,
      env: [Value.variable("TMPDIR", BuiltInPaths.secrets)],
      mounts: [Value.mount(BuiltInVolumes.secrets, BuiltInPaths.secrets)],
      resources: settings.environmentHelperResources)
  }

  /// `~` stands for `$` in the helper's text, because the manifest may not hold `${`.
  ///
  /// Assignments are handed to `env`, not exported: keys need not be names a shell knows, and none of them can
  /// disturb the helper itself.
  private var environmentHelperScript: String {
    """
    dollar='$'
    sed "s/~/$dollar/g" >\(helperPath) <<'END'
    #!/bin/sh
    # Runs a command with the key=value lines of the files beside this program in its environment.
    self=~{0##*/}
    folder=~{0%/*}
    for file in "~folder"/* "~folder"/.[!.]* "~folder"/..?*; do
      [ -f "~file" ] && [ "~{file##*/}" != "~self" ] || continue
      while IFS= read -r line || [ -n "~line" ]; do
        case ~line in *=*) ;; *) continue ;; esac
        key=~{line%%=*}
        key=~{key#"~{key%%[![:space:]]*}"}
        key=~{key%"~{key##*[![:space:]]}"}
        [ -n "~key" ] || continue
        value=~{line#*=}
        value=~{value#"~{value%%[![:space:]]*}"}
        value=~{value%"~{value##*[![:space:]]}"}
        set -- "~key=~value" "~@"
      done <"~file"
    done
    exec env -- "~@"
    END
    chmod 755 \(helperPath)
    """
  }
}

/// Where the built-in containers find and put things.
enum BuiltInPaths {
  static let secrets = "/opt/talend/secrets"
  static let shared = "/opt/talend/tvsi"
  static let jobDone = shared + "/job-done"
  static let agentHome = "/home/vault"
  static let agentToken = agentHome + "/token"
  static let certificateAuthority = "/opt/talend/vault-ca"
  static let vaultServiceAccount = "/var/run/secrets/talend/vault-sidecar-injector/serviceaccount"
  static let apiServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount"
}

/// What the built-in volumes are called.
enum BuiltInVolumes {
  static let secrets = "secrets"
  static let shared = "tvsi-shared"
  static let agent = "tvsi-agent"
  static let certificateAuthority = "tvsi-vault-ca"
  /// The engine puts the name of the volume that holds the service account's token in its place.
  static let token = "tvsi-sa-token"
}
