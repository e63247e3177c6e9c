/**
 * A Kubernetes cluster without containers to play in: a control plane, Keycloak, a gateway between them, and
 * people who can sign in. It lasts until Ctrl-C.
 *
 *   npm run cluster               sign in with your browser
 *   npm run cluster -- --auto     login forms are filled in by themselves
 */
import { parseArgs } from 'node:util'
import type { PlayWorld } from '../test/cluster/play/index.ts'
import { controlPlaneNeeds } from './e2e/control-plane.ts'
import { findKeycloak } from './e2e/keycloak.ts'

const { values } = parseArgs({
  options: {
    auto: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  console.log('npm run cluster [-- --auto]\n')
  console.log('  --auto  fill in login forms without a person')
  process.exit(0)
}

if (process.platform !== 'linux') {
  refuse('It needs Linux: pods have addresses of their own in 127.0.0.0/8.')
}
for (const { variable, find } of controlPlaneNeeds) {
  const found = find()
  if (found.kind === 'found') process.env[variable] = found.path
  else refuse(`${variable} is missing: ${found.reason}.`)
}
const keycloak = findKeycloak()
if (keycloak.kind === 'found') process.env.KEYCLOAK = keycloak.path
else console.log(`There will be no Keycloak (${keycloak.reason}).`)

// Only now the environment says where the programs are.
const { openWorld } = await import('../test/cluster/play/index.ts')
const endings: (() => Promise<void>)[] = []
const opening = openWorld({
  hasKeycloak: keycloak.kind === 'found',
  isAutomatic: values.auto,
  say: console.log,
  atEnd: (stop) => void endings.push(stop),
})
let isEnding = false
let endsSince = Number.POSITIVE_INFINITY
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait; the programs end with us all the same. One Ctrl-C may
    // come twice, from the terminal and from the program that runs us.
    if (Date.now() - endsSince > 1000) process.exit(130)
    if (!isEnding) void end(0)
  })
}

try {
  const world = await opening
  if (!isEnding) explain(world)
} catch (error) {
  if (!isEnding) {
    console.error(error instanceof Error ? error.message : error)
    await end(1)
  }
}

/** What is still starting is waited for: it has to be stopped, too. */
async function end(exitCode: number): Promise<void> {
  isEnding = true
  endsSince = Date.now()
  console.log('Stopping everything ...')
  await opening.catch(() => undefined)
  for (const stop of endings.reverse()) await stop().catch((error) => console.error(String(error)))
  process.exit(exitCode)
}

function explain({ cluster, binFolder, people, gateway, provider }: PlayWorld): void {
  const past = 'past the gateway, as system:masters'
  const seats = [...people, { kubeconfig: cluster.adminKubeconfig, description: past }]
  const exports = seats.map(
    ({ kubeconfig, description }) => `  export KUBECONFIG=${kubeconfig}   # ${description}`,
  )
  console.log(`
Everything runs until you press Ctrl-C. In another terminal:

  export PATH="${binFolder}:$PATH"
${exports.join('\n')}

  kubectl get services
  kubectl get pods                    # John is told that he may not
  kubectl exec deploy/hello -- ls     # Jane may; the command runs on this computer
  kubectl -n oidc-gateway logs deploy/oidc-gateway        # the audit log of the gateway
  kubectl -n oidc-gateway rollout restart deploy/oidc-gateway

Gateway   ${gateway}
${provider.description.join('\n')}
Logs, and the audit log of the API server (audit.log)  ${cluster.folder}
`)
}

function refuse(why: string): never {
  console.error(why)
  process.exit(1)
}
