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
      BuiltInNames.environmentHelper,
      image: settings.environmentHelperImage,
      command: ["/\(TalendConfiguration.environmentHelper)", "--install", helperPath],
      env: [],
      mounts: [Value.mount(BuiltInVolumes.secrets, BuiltInPaths.secrets)],
      resources: settings.environmentHelperResources)
  }

  private var environmentScriptWriter: Value {
    parts.container(
      BuiltInNames.environmentHelper,
      script: environmentHelperScript,
      env: [Value.variable("TMPDIR", BuiltInPaths.secrets)],
      mounts: [Value.mount(BuiltInVolumes.secrets, BuiltInPaths.secrets)],
      resources: settings.environmentHelperResources)
  }

  private var environmentHelperScript: String {
    """
    dollar='$'
    sed "s/~/$dollar/g" >\(helperPath) <<'END'
    \(EnvironmentHelperScript.program)
    END
    chmod 755 \(helperPath)
    """
  }
}
