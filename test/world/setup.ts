// Tests decide themselves what the environment holds: a developer's own settings must not leak in.
for (const name of Object.keys(process.env)) {
  if (name.startsWith('KUBECTL_OIDC_LOGIN_')) delete process.env[name]
}
for (const name of ['KUBECONFIG', 'KUBECACHEDIR', 'KUBERNETES_EXEC_INFO', 'BROWSER']) {
  delete process.env[name]
}
// A proxy or a trust store of the computer would change what the provider of a test looks like.
for (const name of Object.keys(process.env)) {
  if (/^(https?|no|all)_proxy$|^SSL_CERT_(FILE|DIR)$/i.test(name)) delete process.env[name]
}
