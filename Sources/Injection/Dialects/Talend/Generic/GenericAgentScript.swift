internal import ManifestText

/// The script the generic agents run, for any POSIX `sh`.
///
/// It travels in manifests: no `${` (Flux and envsubst would substitute it), no `$$`, and no `$(` around a bare
/// name (Kubernetes would). What the settings bring stands in quoted here-documents, as quoted HCL.
struct GenericAgentScript {
  let settings: TalendSettings
  /// Whether the agent ends as soon as every template is rendered.
  let once: Bool
  let rendersTemplates: Bool

  var text: String { [start, configuration, run, end].joined(separator: "\n") }

  private var program: String { ShellText.word(settings.program) }

  /// What a stopped container exits with: a stopped sidecar has done its work, an init container has not.
  private var stopStatus: Int { once ? 143 : 0 }

  /// A token that is still there when the script starts belongs to a run that was killed.
  private var start: String {
    """
    home=\(BuiltInPaths.agentHome)
    token=$home/token
    trap 'exit \(stopStatus)' TERM INT
    revoke() {
      [ -s "$token" ] || return 0
      VAULT_TOKEN=$(cat "$token") VAULT_CLIENT_TIMEOUT=5s \(program) token revoke -self && rm -f "$token"
    }
    revoke
    """
  }

  private var configuration: String {
    """
    role=$(printf '%s' "$VSI_VAULT_ROLE" | sed 's/[\\\\"]/\\\\&/g; s/[$]/\\\\u0024/g')
    {
      echo 'auto_auth {'
      if [ "$VSI_VAULT_AUTH_METHOD" = approle ]; then
        cat <<'END'
    \(approleLogin)
    END
      else
        cat <<'END'
    \(kubernetesLogin)
    END
        printf '      role = "%s"\\n    }\\n  }\\n' "$role"
      fi
      cat <<'END'
    \(keeping)
    END
    \(variableParts)
    } >"$home/agent.hcl"
    """
  }

  private var approleLogin: String {
    """
      method {
        type = "approle"
        mount_path = \(HCLText.quoted("auth/" + settings.approleAuthPath))
        config = {
          role_id_file_path = \(secretsFile(settings.approleRoleIDFile))
          secret_id_file_path = \(secretsFile(settings.approleSecretIDFile))
          remove_secret_id_file_after_reading = false
        }
      }
    """
  }

  private func secretsFile(_ name: String) -> String { HCLText.quoted(BuiltInPaths.secrets + "/" + name) }

  /// Ends before the role, which only the pod knows.
  private var kubernetesLogin: String {
    """
      method {
        type = "kubernetes"
        mount_path = \(HCLText.quoted("auth/" + settings.kubernetesAuthPath))
        config = {
          token_path = "\(BuiltInPaths.vaultServiceAccount)/token"
    """
  }

  /// An init container that cannot read its secrets fails in the end, where a sidecar goes on trying.
  private var keeping: String {
    """
      sink {
        type = "file"
        config = {
          path = "\(BuiltInPaths.agentToken)"
        }
      }
    }
    exit_after_auth = \(once)
    template_config {
      exit_on_retry_failure = \(once)
      static_secret_render_interval = \(HCLText.quoted(settings.renderInterval))
    }
    """
  }

  private var variableParts: String {
    let proxy = once ? "" : "  printf '%s\\n' \"$VSI_PROXY_CONFIG_PLACEHOLDER\""
    let templates = rendersTemplates ? "  printf '%s\\n' \"$VSI_SECRETS_TEMPLATES_PLACEHOLDER\"" : ""
    return [proxy, templates].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var run: String {
    """
    \(program) agent -config="$home/agent.hcl" &
    agent=$!
    stop() {
      trap '' TERM INT
      kill -TERM "$agent"
      wait "$agent"
      revoke
      exit \(stopStatus)
    }
    trap stop TERM INT
    """
  }

  private var end: String {
    once ? endOnce : endOfSidecar
  }

  private var endOnce: String {
    """
    status=0
    wait "$agent" || status=$?
    revoke
    exit $status
    """
  }

  private var endOfSidecar: String {
    """
    if [ "$VSI_JOB_WORKLOAD" = true ]; then
      (
        until [ -e \(BuiltInPaths.jobDone) ]; do sleep 1; done
        kill -TERM "$agent"
      ) &
    fi
    status=0
    wait "$agent" || status=$?
    revoke
    [ -e \(BuiltInPaths.jobDone) ] && exit 0
    exit $status
    """
  }
}
