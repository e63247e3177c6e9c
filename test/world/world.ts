import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Authority, createAuthority } from './certificates.ts'
import { temporaryFolder } from './folder.ts'
import { createFormBrowser } from './form-browser-launcher.ts'
import {
  type PluginOptions,
  type PluginResult,
  type PluginRun,
  runPlugin,
  startPlugin,
} from './plugin.ts'

/** A user's computer: a home folder and a browser that signs John in. */
export interface Computer {
  /** The home folder. */
  readonly home: string
  /** The folder of the sessions. */
  readonly sessions: string
  /** The file with the provider's certificate authority. */
  readonly caPath: string
  /** The authority behind that file. */
  readonly authority: Authority
  /** The options of `get-token` for an issuer; later ones win. */
  options(issuer: string, ...more: readonly string[]): string[]
  /** Runs a command of the plugin to its end. */
  run(args: readonly string[], options?: Partial<PluginOptions>): Promise<PluginResult>
  /** Starts a command of the plugin. */
  start(args: readonly string[], options?: Partial<PluginOptions>): PluginRun
  /** How many pages were opened in the browser. */
  openedPages(): number
}

/** Who uses the computer. */
export interface ComputerOptions {
  readonly username?: string
  readonly password?: string
  /** Whether Cancel is pressed at the login form. */
  readonly cancel?: boolean
}

/** Makes a computer that is gone when the running test ends. */
export async function computer(options: ComputerOptions = {}): Promise<Computer> {
  const folder = temporaryFolder()
  const home = join(folder, 'home')
  mkdirSync(home)
  const authority = await createAuthority()
  const caPath = join(folder, 'ca.pem')
  const logPath = join(folder, 'opened.log')
  writeFileSync(caPath, authority.certPem)
  const browser = await createFormBrowser(folder, {
    username: options.username ?? 'john',
    password: options.password ?? 'john-password',
    caPath,
    logPath,
    ...(options.cancel ? { cancel: true } : {}),
  })
  return {
    home,
    sessions: join(home, '.kube', 'cache', 'oidc-login'),
    caPath,
    authority,
    options: (issuer, ...more) => [
      `--oidc-issuer-url=${issuer}`,
      '--oidc-client-id=kubernetes',
      `--certificate-authority=${caPath}`,
      '--oidc-extra-scope=profile',
      '--listen-address=127.0.0.1:0',
      // Less than a test may take, so that a sign-in that hangs says why.
      '--authentication-timeout-sec=40',
      `--browser-command=${browser}`,
      ...more,
    ],
    run: (args, given = {}) => runPlugin(args, { home, ...given }),
    start: (args, given = {}) => startPlugin(args, { home, ...given }),
    openedPages: () =>
      existsSync(logPath) ? readFileSync(logPath, 'utf8').trimEnd().split('\n').length : 0,
  }
}

/** Stops something when the running test ends. */
export function stopped<T extends { stop(): Promise<void> }>(started: T): T {
  onTestFinished(async () => await started.stop())
  return started
}

/** A digest of the token in an ExecCredential, to compare tokens without printing them. */
export function fingerprintOf(stdout: string): string {
  return createHash('sha256').update(tokenOf(stdout)).digest('hex')
}

/** The token in an ExecCredential. A test never hands it to an assertion, which would print it. */
export function tokenOf(stdout: string): string {
  const credential: unknown = JSON.parse(stdout)
  const token: unknown = Object(Object(credential).status).token
  if (typeof token !== 'string') throw new Error('stdout holds no ExecCredential')
  return token
}

/** The claims of a JWT, unverified. */
export function claimsOf(jwt: string): Record<string, unknown> {
  const payload: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
  return Object(payload)
}
