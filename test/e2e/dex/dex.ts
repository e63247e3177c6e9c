import type { ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import type { Authority } from '../../world/certificates.ts'
import { temporaryFolder } from '../../world/folder.ts'
import { john } from '../../world/provider-accounts.ts'
import { startBound } from '../bound-process.ts'
import { freePort } from '../free-port.ts'

/** The dex that the suite was given; without one its tests are skipped. */
export const dexPath: string | undefined = process.env.DEX

/** bcrypt of the password of John. */
const hash = '$2b$10$Hu/hVZBhpyWLwOEsAOn14.LsRn6lLIRPYQP/WFD3Edn898fEuqGO.'

/** How dex is to be. */
export interface DexOptions {
  /** Issues its certificate. */
  readonly authority: Authority
  /** How long ID tokens last, in seconds. */
  readonly tokenLifetimeSec: number
}

/** A dex of its own, with John and the client `kubernetes`. It keeps everything in memory. */
export interface Dex {
  /** `https://localhost:<port>/dex`. */
  readonly issuer: string
  /** Ends the process, and all that it knows. */
  stop(): Promise<void>
}

/** Starts dex on 127.0.0.1. It is gone when the running test ends. */
export async function startDex({ authority, tokenLifetimeSec }: DexOptions): Promise<Dex> {
  const folder = temporaryFolder()
  const port = await freePort()
  const issuer = `https://localhost:${port}/dex`
  const { certPem, keyPem } = await authority.issue({ commonName: 'localhost' })
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  writeFileSync(files.cert, certPem)
  writeFileSync(files.key, keyPem, { mode: 0o600 })
  const configuration = join(folder, 'dex.json')
  writeFileSync(
    configuration,
    JSON.stringify({
      issuer,
      storage: { type: 'memory' },
      web: { https: `127.0.0.1:${port}`, tlsCert: files.cert, tlsKey: files.key },
      expiry: { idTokens: `${tokenLifetimeSec}s` },
      oauth2: { skipApprovalScreen: true, passwordConnector: 'local' },
      enablePasswordDB: true,
      staticPasswords: [{ email: john.email, username: john.username, userID: john.sub, hash }],
      // A public client may be called back at any port of the loopback interface.
      staticClients: [{ id: 'kubernetes', name: 'kubernetes', public: true, redirectURIs: [] }],
    }),
  )
  const { child, stop } = startBound(dexPath ?? 'dex', ['serve', configuration], { output: 'pipe' })
  onTestFinished(stop)
  await listening(child)
  return { issuer, stop }
}

async function listening(child: ChildProcess): Promise<void> {
  let log = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  await vi.waitUntil(
    () => {
      if (child.exitCode !== null) throw new Error(`dex ended:\n${log}`)
      return log.includes('listening on')
    },
    { timeout: 60_000 },
  )
}
