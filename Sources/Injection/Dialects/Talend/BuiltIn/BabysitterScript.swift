internal import ManifestText

/// The script by which the babysitter finds out that a job's container has ended.
///
/// Vault's program does the request: it is at hand, and it checks the API server's certificate. It looks for a token in
/// its home, which not every user of an image has.
struct BabysitterScript: Sendable {
  private let program: String
  private let interval: Int

  init(_ settings: TalendSettings) {
    (program, interval) = (ShellText.word(settings.program), settings.babysitterInterval)
  }

  /// The script that watches a container, with the token in a file beside the API server's certificate.
  func text(_ job: TalendNeeds.Job, token: String) -> String {
    """
    export HOME=\(BuiltInPaths.shared)
    trap 'exit 143' TERM INT
    host=$KUBERNETES_SERVICE_HOST
    case $host in *:*) host="[$host]" ;; esac
    cd \(BuiltInPaths.apiServiceAccount)
    while true; do
      if pod=$(\(program) read -format=raw -ca-cert=ca.crt -header="Authorization=Bearer $(cat \(token))" \\
        -address="https://$host:$KUBERNETES_SERVICE_PORT/api" "namespaces/$POD_NAMESPACE/pods/$POD_NAME" 2>&1)
      then
        case $pod in *\(ended(job))*) break ;; esac
      else
        printf '%s\\n' "Cannot read pod $POD_NAME in namespace $POD_NAMESPACE: $pod" >&2
        case $pod in
          *'Code: 401'* | *'Code: 403'*)
            echo "The pod's service account needs a role that allows get on pods." >&2
            exit 1
            ;;
        esac
      fi
      sleep \(interval) &
      wait $!
    done
    echo \(ShellText.word("Container \(job.container) has ended."))
    : >\(BuiltInPaths.jobDone)
    """
  }

  /// A container that failed may be started again, so that only its success ends the job then.
  private func ended(_ job: TalendNeeds.Job) -> String {
    let state = ShellText.word(#""name":"\#(job.container)","state":{"terminated":{"exitCode":"#)
    return job.isStartedAgain ? state + "0[,}]" : state
  }
}
