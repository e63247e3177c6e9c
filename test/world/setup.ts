// Tests decide themselves what the environment holds: a developer's own settings must not leak in.
for (const name of Object.keys(process.env)) {
  if (name.startsWith('KUBECTL_OIDC_LOGIN_')) delete process.env[name]
}
for (const name of ['KUBECONFIG', 'KUBECACHEDIR', 'KUBERNETES_EXEC_INFO', 'BROWSER']) {
  delete process.env[name]
}
