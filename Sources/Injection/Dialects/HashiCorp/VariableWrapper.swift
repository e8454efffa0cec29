internal import ManifestText

/// What stands before an application's command, so that it starts with variables from files of records.
struct VariableWrapper {
  /// The files; of a variable that stands in several, the first counts.
  let files: [String]
  /// The seconds the application has to end once a file changed; nil where it is left alone.
  let grace: Int64?
  /// Where the program is that reads the files; nil where a shell does.
  let program: String?

  /// The words before the command.
  var words: [Value] {
    guard let program else { return ["/bin/sh", "-c", .string(script), "sh"] }
    let restart = grace.map { ["--restart", String($0)] } ?? []
    return ([program, "--records"] + files + restart + ["--"]).map(Value.string)
  }

  private var script: String {
    let quoted = files.map { ShellText.word($0) }
    let sourcing = quoted.map { ". \($0) && " }.joined()
    guard let grace else { return sourcing + "exec env -- \"$@\"" }
    // A signal ends `wait`, and perhaps the application, of which a second `wait` tells how it ended, or that it is no
    // child any more. Some shells heed other signals than KILL only once what they run has ended.
    // Kubernetes takes `$(` for a variable and `$$` for a dollar, and other tools take `${`.
    let files = quoted.joined(separator: " ")
    return """
      before=`cat \(files)` && \(sourcing)true || exit
      for name in HUP INT QUIT TERM USR1 USR2 WINCH; do trap "again=1; kill -$name \\$app" $name; done
      exec 3<&0
      env -- "$@" <&3 3<&- &
      app=$!
      exec 3<&-
      (
        while sleep 5; do
          now=`cat \(files)` || continue
          [ "$now" = "$before" ] || break
        done
        echo 'the secrets have changed: the application is ended, to be started again' >&2
        kill -TERM $app
        (sleep \(grace); kill -KILL $app 2>/dev/null) &
      ) &
      watcher=$!
      again=1 code=
      while [ "$again" ]; do
        again=
        wait $app
        ended=$?
        [ "$code" ] && [ $ended = 127 ] || code=$ended
      done
      kill -KILL $watcher 2>/dev/null
      wait $watcher 2>/dev/null && exit 75
      exit $code
      """
  }
}
