import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Authority } from '../../world/certificates.ts'
import { startBound } from '../bound-process.ts'
import { freePort } from '../free-port.ts'
import { send } from './request.ts'

/** The Keycloak that the suite was given; without one its tests are skipped. */
export const keycloakHome: string | undefined = process.env.KEYCLOAK

/** Where a running Keycloak is, and who may administer it. */
export interface KeycloakAccess {
  /** `https://localhost:<port>`. */
  readonly origin: string
  /** Certificate of the authority that vouches for it. */
  readonly caPem: string
  /** Password of `admin` in the realm `master`. */
  readonly adminPassword: string
}

/** A Keycloak of its own. It keeps everything in memory. */
export interface KeycloakServer extends KeycloakAccess {
  /** TCP port. */
  readonly port: number
  /** Ends the process and waits for its end. */
  stop(): Promise<void>
}

/** How Keycloak is to be. */
export interface ServerOptions {
  /** Issues its certificate. */
  readonly authority: Authority
  /** TCP port; a free one by default. */
  readonly port?: number
}

/** It needs 20 seconds on two idle cores, and minutes when they are overloaded. */
const patienceMs = 300_000

/** Starts Keycloak, which has no realm but `master`, on 127.0.0.1 and waits until it answers. */
export async function startKeycloak(options: ServerOptions): Promise<KeycloakServer> {
  const { authority, port = await freePort() } = options
  const folder = mkdtempSync(join(tmpdir(), 'oidc-login-keycloak-'))
  const adminPassword = randomBytes(16).toString('hex')
  const access = { origin: `https://localhost:${port}`, caPem: authority.certPem, adminPassword }
  const { certPem, keyPem } = await authority.issue({ commonName: 'localhost' })
  writeFileSync(join(folder, 'cert.pem'), certPem)
  writeFileSync(join(folder, 'key.pem'), keyPem, { mode: 0o600 })
  const { child, stop: end } = launch(folder, access, port)
  const stop = async (): Promise<void> => {
    await end()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    await answers(access, child)
  } catch (error) {
    const log = readFileSync(join(folder, 'log'), 'utf8')
    await stop()
    throw new Error(`Keycloak did not start:\n${log.slice(-4000)}`, { cause: error })
  }
  return { ...access, port, stop }
}

function launch(folder: string, { origin, adminPassword }: KeycloakAccess, port: number) {
  const log = openSync(join(folder, 'log'), 'w', 0o600)
  const options = [
    '--cache=local',
    '--http-host=127.0.0.1',
    `--https-port=${port}`,
    `--hostname=${origin}`,
    `--https-certificate-file=${join(folder, 'cert.pem')}`,
    `--https-certificate-key-file=${join(folder, 'key.pem')}`,
  ]
  const program = join(keycloakHome ?? '', 'bin', 'kc.sh')
  return startBound(program, ['start', '--optimized', ...options], {
    output: log,
    env: {
      PATH: process.env.PATH,
      JAVA_HOME: process.env.JAVA_HOME,
      KC_BOOTSTRAP_ADMIN_USERNAME: 'admin',
      KC_BOOTSTRAP_ADMIN_PASSWORD: adminPassword,
      // It lives for minutes: what a compiler could win later does not pay for its work now.
      JAVA_OPTS_APPEND: '-XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC',
    },
  })
}

async function answers({ origin, caPem }: KeycloakAccess, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const answer = await send({ url: `${origin}/realms/master`, caPem }).catch(() => undefined)
    if (answer?.status === 200) return
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`)
    if (Date.now() > deadline) throw new Error('it does not answer')
    await sleep(100)
  }
}
