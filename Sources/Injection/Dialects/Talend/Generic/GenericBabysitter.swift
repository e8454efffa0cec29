import ManifestText

extension GenericContainers {
  /// Tells the agent, by a file, that the job's container has ended.
  var babysitter: Value {
    parts.container(
      BuiltInNames.babysitter,
      script: babysitterScript,
      env: BuiltInParts.podNames + [
        Value.variable("HOME", BuiltInPaths.shared),
        Value.variable("VSI_JOB_CNT_NAME", ""),
      ],
      mounts: [
        Value.mount(BuiltInVolumes.shared, BuiltInPaths.shared),
        Value.mount(BuiltInVolumes.token, BuiltInPaths.apiServiceAccount, readOnly: true),
      ],
      resources: settings.babysitterResources)
  }

  /// Vault's program does the request: it is at hand, and it checks the API server's certificate.
  ///
  /// A container that failed is started again under `restartPolicy: OnFailure`, so only its success ends the job.
  private var babysitterScript: String {
    """
    trap 'exit 143' TERM INT
    account=\(BuiltInPaths.apiServiceAccount)
    host=$KUBERNETES_SERVICE_HOST
    case $host in *:*) host="[$host]" ;; esac
    look() {
      token=$account/api-token
      [ -e "$token" ] || token=$account/token
      \(ShellText.word(settings.program)) read -format=raw -ca-cert="$account/ca.crt" \\
        -address="https://$host:$KUBERNETES_SERVICE_PORT/api" \\
        -header="Authorization=Bearer $(cat "$token")" \\
        "namespaces/$POD_NAMESPACE/pods/$POD_NAME" 2>&1
    }
    ended='"name":"'$VSI_JOB_CNT_NAME'","state":{"terminated":{"exitCode":'
    while true; do
      if pod=$(look); then
        case $pod in
          *"$ended"0[,}]*) break ;;
          *'"restartPolicy":"OnFailure"'*) ;;
          *"$ended"*) break ;;
        esac
      else
        printf '%s\\n' "Cannot read pod $POD_NAME in namespace $POD_NAMESPACE: $pod" >&2
        case $pod in
          *'Code: 401'* | *'Code: 403'*)
            echo "The pod's service account needs a role that allows get on pods." >&2
            exit 1
            ;;
        esac
      fi
      sleep \(settings.babysitterInterval) &
      wait $!
    done
    echo "Container $VSI_JOB_CNT_NAME has ended."
    : >\(BuiltInPaths.jobDone)
    """
  }
}
