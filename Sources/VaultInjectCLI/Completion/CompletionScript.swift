/// The script that makes a shell ask this program for completions.
///
/// The scripts know nothing of the command line: they hand over the words, and show what `__complete` answers.
enum CompletionScript {
  /// The shells there is a script for.
  enum Shell: String, CaseIterable { case bash, zsh, fish }

  /// The script for a shell, for all names the program is installed under.
  static func text(for shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }
}

extension CompletionScript {
  /// Works with bash 3.2 as macOS has it, and without the bash-completion package.
  static let bash = #"""
    # bash completion for kubectl-vault-inject. In ~/.bashrc:
    #
    #   source <(kubectl-vault-inject completion bash)

    _kubectl_vault_inject() {
      # bash splits words at `=` and `:`; a part with no space before it belongs to the word before.
      local line=${COMP_LINE:0:COMP_POINT} words=() index word
      for ((index = 0; index <= COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        [ "$index" -lt "$COMP_CWORD" ] || word=${line#"${line%%[![:space:]]*}"}
        if [ "$index" -eq 0 ] || [[ $line == [[:space:]]* ]]; then
          words[${#words[@]}]=$word
        else
          words[${#words[@]} - 1]+=$word
        fi
        line=${line#"${line%%[![:space:]]*}"}
        line=${line#"$word"}
      done
      # The part that readline replaces is only what stands after the last sign.
      case $word in = | :) word= ;; esac
      local current=${words[${#words[@]} - 1]} flag=
      local kept=${current%"$word"}
      case $current in -*=*) flag=${current%%=*}= ;; esac

      local answer directive candidate ending
      answer=$("${words[0]}" __complete "${words[@]:1}" 2> /dev/null) || return
      directive=${answer##*:}
      answer=${answer%:*}
      local offered=() value=${current#"$flag"}
      if ((directive & 24)); then
        compopt -o filenames 2> /dev/null
        while IFS= read -r candidate; do
          if [ -d "$candidate" ]; then
            offered[${#offered[@]}]=$candidate
          elif ((directive & 8)); then
            while IFS= read -r ending; do
              case $candidate in *."$ending") offered[${#offered[@]}]=$candidate ;; esac
            done <<< "${answer%$'\n'}"
          fi
        done < <(compgen -f -- "${value//\\/}")
      else
        ((directive & 2)) && compopt -o nospace 2> /dev/null
        while IFS= read -r candidate; do
          [ -z "$candidate" ] || offered[${#offered[@]}]=${candidate%%$'\t'*}
        done <<< "$answer"
        if ((!(directive & 4) && ${#offered[@]} == 0)); then
          compopt -o filenames 2> /dev/null
          while IFS= read -r candidate; do
            offered[${#offered[@]}]=$candidate
          done < <(compgen -f -- "${value//\\/}")
        fi
      fi
      COMPREPLY=()
      for candidate in ${offered[@]+"${offered[@]}"}; do
        candidate=$flag$candidate
        COMPREPLY[${#COMPREPLY[@]}]=${candidate#"$kept"}
      done
    }

    complete -F _kubectl_vault_inject kubectl-vault-inject kubectl-vault_inject

    """#
}

extension CompletionScript {
  static let zsh = #"""
    #compdef kubectl-vault-inject kubectl-vault_inject
    # zsh completion for kubectl-vault-inject. In ~/.zshrc, after compinit:
    #
    #   source <(kubectl-vault-inject completion zsh)
    #
    # or, in a folder of $fpath:
    #
    #   kubectl-vault-inject completion zsh > _kubectl-vault-inject

    _kubectl_vault_inject() {
      local -a before lines candidates
      local directive line
      before=("${(@Q)words[2,CURRENT-1]}")
      lines=("${(@f)$(${(Q)words[1]} __complete "${before[@]}" "${(Q)PREFIX}" 2> /dev/null)}")
      directive=${lines[-1]#:}
      [[ $directive == <-> ]] || return 1
      lines=("${(@)lines[1,-2]}")
      # Candidates of `--option=value` are values.
      [[ $PREFIX == -*=* ]] && compset -P 1 '*='
      if ((directive & 16)); then
        _files -/
        return
      fi
      if ((directive & 8)); then
        _files -g "*.(${(j:|:)lines})"
        return
      fi
      for line in "${lines[@]}"; do
        [[ -n $line ]] && candidates+=("${${line%%$'\t'*}//:/\\:}${${(M)line:#*$'\t'*}:+:${line#*$'\t'}}")
      done
      local -a options
      ((directive & 2)) && options=(-S '')
      if ((${#candidates})); then
        _describe -V 'kubectl-vault-inject' candidates "${options[@]}"
      elif ((!(directive & 4))); then
        _files
      else
        return 1
      fi
    }

    if [[ ${funcstack[1]} == _kubectl-vault-inject ]]; then
      _kubectl_vault_inject "$@"
    else
      compdef _kubectl_vault_inject kubectl-vault-inject kubectl-vault_inject
    fi

    """#
}

extension CompletionScript {
  static let fish = #"""
    # fish completion for kubectl-vault-inject:
    #
    #   kubectl-vault-inject completion fish > ~/.config/fish/completions/kubectl-vault-inject.fish
    #
    # and a link to it, kubectl-vault_inject.fish, beside it.

    function __kubectl_vault_inject_complete
        set -l words (commandline -opc)
        set -l current (commandline -ct)
        set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
        set -e words[1]
        set -l lines ($program __complete $words "$current" 2>/dev/null)
        set -l directive (string match -r -g '^:(\d+)$' -- $lines[-1])
        or return
        set -e lines[-1]
        # Candidates of `--option=value` are values.
        set -l flag (string match -r -- '^-[^=]*=' $current)
        set -l word (string replace -r -- '^-[^=]*=' '' $current)
        if test (math "bitand($directive, 24)") -ne 0
            for file in (__fish_complete_path $word | string replace -r '\t.*' '')
                if string match -q '*/' -- $file
                    echo "$flag$file"
                else if test (math "bitand($directive, 8)") -ne 0
                    and contains -- (string match -r -g '\.([^./]*)$' -- $file) $lines
                    echo "$flag$file"
                end
            end
            return
        end
        for line in $lines
            echo "$flag$line"
        end
        if test (count $lines) -eq 0 -a (math "bitand($directive, 4)") -eq 0
            for file in (__fish_complete_path $word)
                echo "$flag$file"
            end
        end
    end

    complete -c kubectl-vault-inject -f -a '(__kubectl_vault_inject_complete)'
    complete -c kubectl-vault_inject -f -a '(__kubectl_vault_inject_complete)'

    """#
}
