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
