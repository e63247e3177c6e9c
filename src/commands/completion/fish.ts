/** Completion for fish, which wants the whole word, option and `=` included. */
export const fishScript = `# fish completion of kubectl-oidc_login.
# Load it with: kubectl-oidc_login completion fish | source

function __kubectl_oidc_login_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l prefix (string match -r -- '^--[^=]*=' $current)
    set -l answer (kubectl-oidc_login __complete $words[2..-1] "$current" 2>/dev/null)
    set -l directive $answer[-1]
    for line in $answer[1..-2]
        echo "$prefix$line"
    end
    set -l value (string replace -r -- '^--[^=]*=' '' "$current")
    if test "$directive" = :0
        for path in (__fish_complete_path "$value")
            echo "$prefix$path"
        end
    else if test "$directive" = :16
        for path in (__fish_complete_directories "$value")
            echo "$prefix$path"
        end
    end
end

complete -c kubectl-oidc_login -f -a '(__kubectl_oidc_login_complete)'
`
