/**
 * The main job from beginning to end on this computer: John signs in at an embedded OpenID provider,
 * lists services of an embedded Kubernetes API through the gateway, is refused the pods, and logs out.
 *
 *   npm run demo               a real browser, when there is one
 *   npm run demo -- --auto     the login form is filled in by itself
 *   npm run demo -- --keep     everything stays up for your own kubectl
 */
import { parseArgs } from 'node:util'
import { openStage } from './stage.ts'
import { playWithKubectl } from './with-kubectl.ts'
import { playWithoutKubectl } from './without-kubectl.ts'

const { values } = parseArgs({
  options: {
    auto: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) {
  console.log('npm run demo [-- [--auto] [--keep]]\n')
  console.log('  --auto  fill in the login form without a browser')
  console.log('  --keep  leave everything running, to play with your own kubectl')
  process.exit(0)
}

const stage = await openStage({ isAutomatic: values.auto })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void stage.close().finally(() => process.exit(130)))
}

try {
  const isGood = stage.kubectl ? await playWithKubectl(stage) : await playWithoutKubectl(stage)
  explain()
  if (values.keep) await keep()
  process.exitCode = isGood ? 0 : 1
} finally {
  await stage.close()
}

function explain(): void {
  console.log(`
What just happened
  1. setup asked the gateway how its cluster is used, and wrote cluster, user and context into a kubeconfig.
  2. The plugin listened on a loopback port and sent the browser to the provider, with PKCE.
  3. John signed in; the plugin exchanged the code for tokens and checked them.
  4. kubectl called the plugin, as the kubeconfig says, and showed the ID token to the gateway.
  5. The gateway verified it and asked the API server as "john". The API server trusts nobody but the
     gateway; what John may do is decided by RBAC: list services, and nothing else.
  6. The second command read one file: no browser, no request to the provider.
  7. logout revoked the refresh token, ended John's session at the provider and deleted the file.

With your own cluster: docs/gateway.md. With an API server that verifies tokens itself, no gateway is
needed: the README, "Use".`)
}

async function keep(): Promise<void> {
  console.log(`
Everything keeps running until you press Ctrl-C. In another terminal:

  export PATH="${stage.binFolder}:$PATH"
  export KUBECONFIG="${stage.kubeconfig}"
  export KUBECACHEDIR="${stage.cacheFolder}"
  kubectl get svc${stage.isAutomatic ? '' : `        # ${stage.people}`}
`)
  await new Promise(() => setInterval(() => undefined, 60_000))
}
