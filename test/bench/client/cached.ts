import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measure } from '../measure.ts'
import type { Figure, Measurement, Say } from '../report/index.ts'
import {
  installedExecutable,
  kubelogin,
  kubeloginMissing,
  kubeloginVersion,
  npmPlugin,
} from './programs.ts'
import { rounds } from './rounds.ts'
import { signedIn } from './sign-in.ts'

/** `get-token` with a fresh session. */
export const cachedGetToken: Measurement = {
  name: 'cached get-token',
  goals: ['cached-executable', 'cached-node'],
  async measure(say) {
    const folder = mkdtempSync(join(tmpdir(), 'oidc-login-bench-'))
    try {
      return await measureIn(folder, say)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function measureIn(folder: string, say: Say): Promise<Figure[]> {
  const executable = { name: 'executable', command: await installedExecutable(say), args: [] }
  const rival = kubelogin && { name: 'kubelogin', command: kubelogin, args: [] }
  const contestants = await signedIn(
    [executable, { name: 'npm package', ...npmPlugin }, ...(rival ? [rival] : [])],
    folder,
  )
  say(`${rounds.getToken} rounds`)
  const floor = { name: 'node -e 0', command: process.execPath, args: ['-e', '0'] }
  const [ours, npm, node, theirs] = await measure(
    [...contestants.slice(0, 2), floor, ...contestants.slice(2)],
    rounds.getToken,
  )
  if (!ours || !npm || !node) throw new Error('a contestant is missing')
  const setting = `${rounds.getToken} rounds.`
  const ofNode: Figure = { kind: 'measured', goal: 'cached-node', ours: npm, rival: node, setting }
  if (!kubelogin || !theirs) {
    return [
      { kind: 'not measured', goal: 'cached-executable', reason: kubeloginMissing },
      { ...ofNode, more: [ours] },
    ]
  }
  const programs = [kubeloginVersion(kubelogin)]
  return [
    {
      kind: 'measured',
      goal: 'cached-executable',
      ours,
      rival: theirs,
      more: [npm],
      programs,
      setting,
    },
    ofNode,
  ]
}
