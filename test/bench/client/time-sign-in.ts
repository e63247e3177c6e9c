import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { signInThroughForm } from '../../world/login-driver.ts'
import type { OwnProvider } from './own-provider.ts'
import type { Command } from './programs.ts'

/** How long a sign-in took, from the moment at which the browser follows the redirect to the program. */
export interface TimedSignIn {
  /** Until stdout held the whole credential. */
  readonly printedMs: number
  /** Until the process had ended. */
  readonly endedMs: number
}

/** Who signs in, and where. */
export interface SignInToTime extends Command {
  readonly provider: OwnProvider
  /** Path of the provider's authority. */
  readonly caPath: string
  /** Folder of the session; an empty one. */
  readonly cache: string
}

/** Nobody is quicker than this between the first page of the provider and the redirect. */
const personMs = 500

/** Runs `get-token` without a session, plays the browser, and holds the watch. */
export async function timeSignIn(task: SignInToTime): Promise<TimedSignIn> {
  const { provider, caPath, command, args, cache } = task
  const child = spawn(
    command,
    [
      ...args,
      'get-token',
      `--oidc-issuer-url=${provider.issuer}`,
      '--oidc-client-id=kubernetes',
      `--certificate-authority=${caPath}`,
      '--listen-address=127.0.0.1:0',
      '--skip-open-browser',
      `--token-cache-dir=${cache}`,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const printed = printedCredential(child.stdout)
  const ended = once(child, 'close').then(([exitCode]) => {
    if (exitCode !== 0) throw new Error(`${command} could not sign in (exit code ${exitCode})`)
    return performance.now()
  })
  try {
    const url = await Promise.race([firstUrl(child.stderr), ended])
    const sentAt = await browse(String(url), provider)
    const [printedAt, endedAt] = await Promise.all([Promise.race([printed, ended]), ended])
    return { printedMs: printedAt - sentAt, endedMs: endedAt - sentAt }
  } finally {
    child.kill()
  }
}

/** Signs in at the provider. @returns when the redirect to the program was followed */
async function browse(url: string, provider: OwnProvider): Promise<number> {
  let sentAt = Number.NaN
  await signInThroughForm(url, {
    username: 'john',
    password: 'john-password',
    ca: provider.caPem,
    async onRedirect(target) {
      if (!target.searchParams.has('code')) return
      await sleep(personMs)
      sentAt = performance.now()
    },
  })
  return sentAt
}

async function firstUrl(stderr: NodeJS.ReadableStream): Promise<string> {
  let said = ''
  return await new Promise((resolve) => {
    stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const url = /https?:\/\/\S+(?=\s)/.exec(said)?.[0]
      if (url !== undefined) resolve(url)
    })
  })
}

/** @returns when the whole credential was there */
async function printedCredential(stdout: NodeJS.ReadableStream): Promise<number> {
  let said = ''
  return await new Promise((resolve) => {
    stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (isCredential(said)) resolve(performance.now())
    })
  })
}

function isCredential(text: string): boolean {
  try {
    return JSON.parse(text).kind === 'ExecCredential'
  } catch {
    return false
  }
}
