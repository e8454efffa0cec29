import ManifestText

extension GenericContainers {
  /// Puts the program `vaultinjector-env` beside the static secrets: a script, or a program for images that have
  /// no shell to run it with.
  var environmentHelper: Value {
    settings.environmentHelperImage.isEmpty ? environmentScriptWriter : environmentProgramCopier
  }

  private var helperPath: String { "\(BuiltInPaths.secrets)/\(TalendConfiguration.environmentHelper)" }

  private var environmentProgramCopier: Value {
    parts.container(
      "tvsi-env-init",
      image: settings.environmentHelperImage,
      command: ["/\(TalendConfiguration.environmentHelper)", "--install", helperPath],
      env: [],
      mounts: [Value.mount(BuiltInVolumes.secrets, BuiltInPaths.secrets)],
      resources: settings.environmentHelperResources)
  }

  private var environmentScriptWriter: Value {
    parts.container(
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
