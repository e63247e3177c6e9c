/**
 * Figures, as ratios to a rival in the same run. Whole processes are timed, interleaved, and medians
 * are printed: the machine's mood falls on both.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { diskStore, sessionKey } from '../../src/session/index.ts'
import { nodeSystem } from '../../src/system/index.ts'

const rounds = Number(process.env.BENCH_ROUNDS ?? 40)
const issuer = 'https://sso.example.com/realms/demo'
const clientId = 'kubernetes'
const folder = mkdtempSync(join(tmpdir(), 'oidc-login-bench-'))

/** A command that is timed as a whole process. */
interface Contestant {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
}

const ours: Contestant = {
  name: 'cached get-token',
  command: process.execPath,
  args: [
    resolve('bin/kubectl-oidc_login.js'),
    'get-token',
    `--oidc-issuer-url=${issuer}`,
    `--oidc-client-id=${clientId}`,
    `--token-cache-dir=${folder}`,
  ],
}
const floor: Contestant = { name: 'node -e 0', command: process.execPath, args: ['-e', '0'] }
const kubelogin = process.env.KUBELOGIN
const rivals = kubelogin
  ? [floor, { name: 'kubelogin --version', command: kubelogin, args: ['--version'] }]
  : [floor]

try {
  await writeSession()
  report([ours, ...rivals])
  if (!kubelogin) console.log('KUBELOGIN=/path/to/kubelogin compares with it as well.')
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function writeSession(): Promise<void> {
  const identity = {
    issuer,
    clientId,
    scopes: ['openid'],
    tokenKind: 'id_token',
    extraParameters: {},
  } as const
  const now = Date.now()
  const store = diskStore(nodeSystem(new AbortController().signal), folder)
  await store.write(sessionKey(identity), {
    identity,
    token: `${'x'.repeat(400)}.${'y'.repeat(800)}.${'z'.repeat(342)}`,
    obtainedAt: now,
    refreshAt: now + 3_540_000,
    expiresAt: now + 3_600_000,
    refreshToken: 'a-refresh-token',
  })
}

function report(contestants: readonly Contestant[]): void {
  const times = new Map<Contestant, number[]>(contestants.map((one) => [one, []]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const one of contestants) {
      const tookMs = time(one)
      // The first round only warms the file cache.
      if (round > 0) times.get(one)?.push(tookMs)
    }
  }
  console.log(`node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, ${rounds} rounds`)
  const base = median(times.get(floor) ?? [])
  for (const [one, all] of times) {
    const middle = median(all)
    const spread = `${Math.min(...all).toFixed(1)}-${Math.max(...all).toFixed(1)}`
    console.log(
      `${one.name.padEnd(24)} ${middle.toFixed(1).padStart(7)} ms  (${spread})  ${(middle / base).toFixed(2)} x node -e 0`,
    )
  }
}

function time({ name, command, args }: Contestant): number {
  const startedAt = performance.now()
  const { status } = spawnSync(command, args, { stdio: 'ignore' })
  if (status !== 0) throw new Error(`${name} failed with exit code ${status}`)
  return performance.now() - startedAt
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
