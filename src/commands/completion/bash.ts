/**
 * Completion for bash 3.2 and newer, without the package bash-completion. Bash takes a `=` for the
 * end of a word, so words are put together again from the line, and the part that is offered begins
 * behind the `=`.
 */
export const bashScript = `# bash completion of kubectl-oidc_login.
# Load it with: source <(kubectl-oidc_login completion bash)

_kubectl_oidc_login() {
  local IFS=$'\\n' line words=() directive=4 current
  while IFS= read -r line; do words+=("$line"); done < <(
    printf '%s\\n' "\${COMP_LINE:0:COMP_POINT}" |
      awk '{ n = split($0, w, /[ \\t]+/); for (i = 2; i <= n; i++) print w[i] }'
  )
  current=""
  if [ "\${#words[@]}" -gt 0 ]; then current="\${words[\${#words[@]}-1]}"; else words=(""); fi
  case "$current" in --*=*) current="\${current#*=}" ;; esac
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      :*) directive="\${line#:}" ;;
      *) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <(kubectl-oidc_login __complete "\${words[@]}" 2>/dev/null)
  if [ "$directive" = 0 ]; then
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
    compopt -o filenames 2>/dev/null
  elif [ "$directive" = 16 ]; then
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$current")
    compopt -o filenames 2>/dev/null
  fi
  return 0
}

complete -F _kubectl_oidc_login kubectl-oidc_login
`
