import ManifestText

extension GenericContainers {
  /// Renders the templates with the token the agent keeps, as the injector's first release did.
  var consulTemplate: Value {
    parts.container(
      BuiltInNames.consulTemplate,
      image: settings.consulTemplateImage,
      script: consulTemplateScript,
      env: parts.vaultEnvironment + [
        Value.variable("HOME", BuiltInPaths.agentHome),
        Value.variable("TMPDIR", BuiltInPaths.agentHome),
        Value.variable("VSI_JOB_WORKLOAD", "false"),
        Value.variable("VSI_SECRETS_TEMPLATES_PLACEHOLDER", ""),
      ],
      mounts: [
        Value.mount(BuiltInVolumes.secrets, BuiltInPaths.secrets),
        Value.mount(BuiltInVolumes.agent, BuiltInPaths.agentHome),
        Value.mount(BuiltInVolumes.shared, BuiltInPaths.shared),
      ] + parts.certificateAuthorityMounts,
      resources: settings.agentResources)
  }

  /// The agent renews the token and revokes it; Consul Template only reads it, again whenever it changes.
  private var consulTemplateScript: String {
    """
    home=\(BuiltInPaths.agentHome)
    trap 'exit 0' TERM INT
    until [ -s "$home/token" ]; do sleep 1; done
    {
      cat <<'END'
    vault {
      renew_token = false
      vault_agent_token_file = "\(BuiltInPaths.agentToken)"
      default_lease_duration = \(HCLText.quoted(settings.renderInterval))
    }
    END
      printf '%s\\n' "$VSI_SECRETS_TEMPLATES_PLACEHOLDER"
    } >"$home/consul-template.hcl"
    consul-template -config="$home/consul-template.hcl" -log-level=\(ShellText.word(settings.logLevel)) &
    renderer=$!
    stop() {
      trap '' TERM INT
      kill -TERM "$renderer"
      wait "$renderer"
      exit 0
    }
    trap stop TERM INT
    if [ "$VSI_JOB_WORKLOAD" = true ]; then
      (
        until [ -e \(BuiltInPaths.jobDone) ]; do sleep 1; done
        kill -TERM "$renderer"
      ) &
    fi
    status=0
    wait "$renderer" || status=$?
    [ -e \(BuiltInPaths.jobDone) ] && exit 0
    exit $status
    """
  }
}
