import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createAuthority } from '../world/certificates.ts'
import { createFormBrowser } from '../world/form-browser-launcher.ts'
import { startProvider } from '../world/provider.ts'
import { type Contestant, measure } from './measure.ts'

const floor: Contestant = { name: 'node -e 0', command: process.execPath, args: ['-e', '0'] }

/**
 * Times whole processes of the plugin. Each contestant signs in at an embedded provider first; then they
 * are timed in turn, and medians are printed: the machine's mood falls on all of them alike.
 */
export async function benchClient(): Promise<void> {
  const rounds = Number(process.env.BENCH_ROUNDS ?? 40)
  const folder = mkdtempSync(join(tmpdir(), 'oidc-login-bench-'))
  try {
    const contestants = await signedIn(folder)
    console.log(`\nPlugin, ${rounds} rounds`)
    console.log(measure([...contestants, floor], floor, rounds))
    for (const name of ['PLUGIN', 'KUBELOGIN'].filter((one) => !process.env[one])) {
      console.log(`${name}=/path compares with that executable, too.`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Lets each program sign in once, so that the timed calls find a fresh session. */
async function signedIn(folder: string): Promise<Contestant[]> {
  const authority = await createAuthority()
  const provider = await startProvider({ authority, refreshTokens: 'always' })
  try {
    const caPath = join(folder, 'ca.pem')
    writeFileSync(caPath, authority.certPem)
    const john = { username: 'john', password: 'john-password', caPath }
    const options = [
      'get-token',
      `--oidc-issuer-url=${provider.issuer}`,
      '--oidc-client-id=kubernetes',
      `--certificate-authority=${caPath}`,
      '--listen-address=127.0.0.1:0',
      `--browser-command=${await createFormBrowser(folder, john)}`,
    ]
    const contestants = programs().map(({ name, command, args }) => ({
      name,
      command,
      args: [...args, ...options, `--token-cache-dir=${join(folder, name.replaceAll(' ', '-'))}`],
    }))
    for (const contestant of contestants) await signIn(contestant)
    return contestants
  } finally {
    await provider.stop()
  }
}

function programs(): Contestant[] {
  const ours = {
    name: 'cached get-token',
    command: process.execPath,
    args: [resolve('bin', 'kubectl-oidc_login.js')],
  }
  const { PLUGIN, KUBELOGIN } = process.env
  return [
    ours,
    ...(PLUGIN ? [{ name: 'the same, executable', command: resolve(PLUGIN), args: [] }] : []),
    ...(KUBELOGIN ? [{ name: 'kubelogin, cached', command: KUBELOGIN, args: [] }] : []),
  ]
}

/** The provider runs in this process, so the program must not block it. */
async function signIn({ name, command, args }: Contestant): Promise<void> {
  const child = spawn(command, args, { stdio: 'ignore' })
  const exitCode = await new Promise((done) => child.once('close', done))
  if (exitCode !== 0) throw new Error(`${name} could not sign in (exit code ${exitCode})`)
  const { status } = spawnSync(command, args, { stdio: 'ignore' })
  if (status !== 0) throw new Error(`${name} does not find its session again`)
}
