import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { findKubectl } from '../../../tools/e2e/kubectl.ts'
import type { ControlPlane } from '../../cluster/index.ts'
import { createFormBrowser } from '../../world/form-browser-launcher.ts'
import { authenticationYaml } from '../../world/gateway/authentication-yaml.ts'
import { realControlPlane } from '../control-plane.ts'
import { type Contestant, measure } from '../measure.ts'
import {
  CannotMeasure,
  type Figure,
  type Measurement,
  programVersion,
  type Say,
} from '../report/index.ts'
import { type OwnProvider, startOwnProvider } from './own-provider.ts'
import {
  type Command,
  installedExecutable,
  kubelogin,
  kubeloginMissing,
  kubeloginVersion,
  npmPlugin,
} from './programs.ts'
import { rounds } from './rounds.ts'

/** What a person waits for: kubectl, the plugin below it, and the answer of the API server. */
export const kubectlGet: Measurement = {
  name: 'kubectl get svc',
  goals: ['kubectl-get'],
  async measure(say) {
    const kubectl = findKubectl()
    if (kubectl.kind === 'missing') throw new CannotMeasure(`needs kubectl: ${kubectl.reason}`)
    if (!kubelogin) throw new CannotMeasure(kubeloginMissing)
    const folder = mkdtempSync(join(tmpdir(), 'oidc-login-bench-'))
    const provider = await startOwnProvider()
    try {
      return [await measureAt({ provider, folder, kubectl: kubectl.path, rival: kubelogin }, say)]
    } finally {
      await provider.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

interface Stage {
  readonly provider: OwnProvider
  readonly folder: string
  readonly kubectl: string
  readonly rival: string
}

async function measureAt(stage: Stage, say: Say): Promise<Figure> {
  const { provider, folder, kubectl, rival } = stage
  const executable = { command: await installedExecutable(say), args: [] }
  say('starting kube-apiserver')
  const cluster = await realControlPlane({
    controllers: false,
    fakeNode: false,
    authenticationConfig: authenticationYaml({
      issuer: provider.issuer,
      certPem: provider.caPem,
      claimMappings: '{username: {claim: sub, prefix: ""}}',
    }),
  })
  try {
    await cluster.apply(everybodyMayView)
    writeFileSync(join(folder, 'ca.pem'), provider.caPem)
    const john = { username: 'john', password: 'john-password', caPath: join(folder, 'ca.pem') }
    const browser = await createFormBrowser(folder, john)
    const contestant = (name: string, command: Command): Contestant =>
      asKubectl(stage, name, userOf(stage, name, command, browser), cluster)
    const contestants = [
      contestant('executable', executable),
      contestant('kubelogin', { command: rival, args: [] }),
      contestant('npm package', npmPlugin),
    ]
    // Signs in, and fills the discovery cache.
    for (const one of contestants) await run(one)
    const { certPem, keyPem } = await cluster.certify({ name: 'john' })
    const certificate = {
      'client-certificate-data': base64(certPem),
      'client-key-data': base64(keyPem),
    }
    const floor = asKubectl(stage, 'client certificate, no plugin', certificate, cluster)
    await run(floor)
    say(`${rounds.kubectl} rounds`)
    const [ours, theirs, ...more] = await measure([...contestants, floor], rounds.kubectl)
    if (!ours || !theirs) throw new Error('a contestant is missing')
    const programs = [
      kubeloginVersion(rival),
      programVersion('kubectl', kubectl, ['version', '--client']),
      programVersion('kube-apiserver', process.env.KUBE_APISERVER ?? '', ['--version']),
    ]
    const setting = `${rounds.kubectl} rounds.`
    return {
      kind: 'measured',
      goal: 'kubectl-get',
      ours,
      rival: theirs,
      more,
      programs,
      setting,
    }
  } finally {
    await cluster.stop()
  }
}

function userOf({ provider, folder }: Stage, name: string, plugin: Command, browser: string) {
  return {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      interactiveMode: 'IfAvailable',
      command: plugin.command,
      args: [
        ...plugin.args,
        'get-token',
        `--oidc-issuer-url=${provider.issuer}`,
        '--oidc-client-id=kubernetes',
        `--certificate-authority=${join(folder, 'ca.pem')}`,
        '--listen-address=127.0.0.1:0',
        `--browser-command=${browser}`,
        `--token-cache-dir=${join(folder, name, 'sessions')}`,
      ],
    },
  }
}

function asKubectl(stage: Stage, name: string, user: object, cluster: ControlPlane): Contestant {
  const home = join(stage.folder, name)
  mkdirSync(home, { recursive: true })
  const kubeconfig = join(home, 'kubeconfig')
  const server = { server: cluster.server, 'certificate-authority-data': base64(cluster.caPem) }
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'bench',
      clusters: [{ name: 'bench', cluster: server }],
      users: [{ name: 'bench', user }],
      contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    }),
  )
  return {
    name,
    command: stage.kubectl,
    args: ['get', 'svc'],
    environment: { HOME: home, KUBECACHEDIR: join(home, 'cache'), KUBECONFIG: kubeconfig },
  }
}

async function run({ name, command, args, environment }: Contestant): Promise<void> {
  const env = { ...process.env, ...environment }
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env })
  const [exitCode, said] = await Promise.all([
    new Promise((done) => child.once('close', done)),
    text(child.stderr),
  ])
  if (exitCode !== 0) throw new Error(`kubectl with ${name}: ${said.trim().split('\n').at(-1)}`)
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

const everybodyMayView = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: bench}
rules: [{apiGroups: [""], resources: [services], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: bench}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: bench}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: system:authenticated}]
`
