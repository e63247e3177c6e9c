import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuthority } from '../../world/certificates.ts'
import { createFormBrowser } from '../../world/form-browser-launcher.ts'
import { startProvider } from '../../world/provider.ts'
import type { Contestant } from '../measure.ts'
import type { Command } from './programs.ts'

/** A program that is to sign in, and what it is called. */
export interface Candidate extends Command {
  readonly name: string
}

/**
 * Lets each program sign in once at an embedded provider, so that the calls that are timed find a fresh session.
 *
 * @param folder where their sessions are
 * @returns what calls `get-token` again
 */
export async function signedIn(
  candidates: readonly Candidate[],
  folder: string,
): Promise<Contestant[]> {
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
    const contestants = candidates.map(({ name, command, args }, index) => ({
      name,
      command,
      args: [...args, ...options, `--token-cache-dir=${join(folder, String(index))}`],
    }))
    for (const contestant of contestants) await signIn(contestant)
    return contestants
  } finally {
    await provider.stop()
  }
}

/** The provider runs in this process, so the program must not block it. */
async function signIn({ name, command, args }: Contestant): Promise<void> {
  const child = spawn(command, args, { stdio: 'ignore' })
  const exitCode = await new Promise((done) => child.once('close', done))
  if (exitCode !== 0) throw new Error(`${name} could not sign in (exit code ${exitCode})`)
  const { status } = spawnSync(command, args, { stdio: 'ignore' })
  if (status !== 0) throw new Error(`${name} does not find its session again`)
}
