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
