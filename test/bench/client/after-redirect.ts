import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Figure, type Measurement, type Say, type Side, summarize } from '../report/index.ts'
import { type OwnProvider, startOwnProvider } from './own-provider.ts'
import {
  installedExecutable,
  kubelogin,
  kubeloginMissing,
  kubeloginVersion,
  npmPlugin,
} from './programs.ts'
import { rounds } from './rounds.ts'
import { type TimedSignIn, timeSignIn } from './time-sign-in.ts'

/** What is left of a sign-in when the provider has sent the browser back. */
export const afterRedirect: Measurement = {
  name: 'sign-in after the redirect',
  goals: ['after-redirect'],
  async measure(say) {
    const folder = mkdtempSync(join(tmpdir(), 'oidc-login-bench-'))
    const provider = await startOwnProvider()
    try {
      return [await measureAt(provider, folder, say)]
    } finally {
      await provider.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function measureAt(provider: OwnProvider, folder: string, say: Say): Promise<Figure> {
  const caPath = join(folder, 'ca.pem')
  writeFileSync(caPath, provider.caPem)
  const contestants = [
    { name: 'executable', command: await installedExecutable(say), args: [] },
    { name: 'npm package', ...npmPlugin },
    ...(kubelogin ? [{ name: 'kubelogin', command: kubelogin, args: [] }] : []),
  ]
  const all = contestants.map(({ name }) => ({ name, times: [] as TimedSignIn[] }))
  say(`${rounds.signIn} sign-ins each`)
  for (let round = 0; round <= rounds.signIn; round += 1) {
    for (const [index, { command, args }] of contestants.entries()) {
      const cache = join(folder, `${index}-${round}`)
      const time = await timeSignIn({ provider, caPath, command, args, cache })
      // The first round only warms the provider and the caches of the system.
      if (round > 0) all[index]?.times.push(time)
    }
  }
  return figureOf(all, `${rounds.signIn} sign-ins each.`)
}

interface Contestant {
  readonly name: string
  readonly times: readonly TimedSignIn[]
}

function figureOf([ours, npm, theirs]: readonly Contestant[], setting: string): Figure {
  if (!ours || !npm) throw new Error('a contestant is missing')
  const goal = 'after-redirect'
  if (!kubelogin || !theirs) return { kind: 'not measured', goal, reason: kubeloginMissing }
  return {
    kind: 'measured',
    goal,
    ours: printed(ours),
    rival: printed(theirs),
    more: [printed(npm), ...[ours, theirs, npm].map(ended)],
    programs: [kubeloginVersion(kubelogin)],
    setting,
  }
}

function printed({ name, times }: Contestant): Side {
  return { name, unit: 'ms', summary: summarize(times.map(({ printedMs }) => printedMs)) }
}

/** What kubectl waits for. */
function ended({ name, times }: Contestant): Side {
  const summary = summarize(times.map(({ endedMs }) => endedMs))
  return { name: `${name}, to the end of its process`, unit: 'ms', summary, standsAlone: true }
}
