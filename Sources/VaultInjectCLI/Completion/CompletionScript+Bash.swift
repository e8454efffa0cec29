extension CompletionScript {
  /// Works with bash 3.2 as macOS has it, and without the bash-completion package.
  static let bash = #"""
    # bash completion for kubectl-vault-inject. In ~/.bashrc:
    #
    #   source <(kubectl-vault-inject completion bash)

    _kubectl_vault_inject() {
      # bash splits words at `=` and `:`; what has no blank before it belongs to the word before.
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
