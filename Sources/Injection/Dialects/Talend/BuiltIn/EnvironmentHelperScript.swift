/// The script that puts the program `vaultinjector-env` beside the static secrets.
enum EnvironmentHelperScript {
  /// Shells that keep here-documents in files do that in `TMPDIR`.
  static let text = """
    TMPDIR=\(BuiltInPaths.secrets)
    cd $TMPDIR
    tr '~' '$' >\(TalendConfiguration.environmentHelper) <<'END'
    \(program)
    END
    chmod 755 \(TalendConfiguration.environmentHelper)
    """

  /// The program, with `~` for `$`: the manifest may not hold `${`.
  ///
  /// Assignments are handed to `env`, not exported: keys need not be names a shell knows, and none of them can
  /// disturb the helper itself.
  static let program = """
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
    """
}
