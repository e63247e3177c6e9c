/** Completion for zsh, which shows the descriptions beside the candidates. */
export const zshScript = `#compdef kubectl-oidc_login
# zsh completion of kubectl-oidc_login.
# Load it with: source <(kubectl-oidc_login completion zsh)

_kubectl_oidc_login() {
  local line directive=4
  local -a typed candidates
  typed=("\${(@Q)words[2,CURRENT]}")
  if [[ "$PREFIX" == --*=* ]]; then compset -P '*='; fi
  while IFS= read -r line; do
    if [[ "$line" == :* ]]; then
      directive="\${line#:}"
    else
      candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done < <(kubectl-oidc_login __complete "\${typed[@]}" 2>/dev/null)
  if [[ "$directive" == 0 ]]; then
    _files
  elif [[ "$directive" == 16 ]]; then
    _files -/
  else
    _describe 'kubectl-oidc_login' candidates
  fi
}

if [ "$funcstack[1]" = "_kubectl_oidc_login" ]; then
  _kubectl_oidc_login
else
  compdef _kubectl_oidc_login kubectl-oidc_login
fi
`
