import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { pluginCommand } from './plugin-command.ts'
import { secretsIn } from './secrets.ts'

/** How the plugin is run. */
export interface PluginOptions {
  /** Environment variables beside PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>
  /** The home folder; it must exist. */
  readonly home: string
  /** Which Node.js runs it. */
  readonly node?: string
  /** Whether it has no terminal to ask at, even where the tests run at one. */
  readonly isDetached?: boolean
  /** Path of a copy of the program; the built one by default. */
  readonly program?: string
}

/** How a run of the plugin ended. */
export interface PluginResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A run of the plugin that is under way. */
export interface PluginRun {
  readonly child: ChildProcess
  /** What was written to stderr so far. */
  stderr(): string
  /** Resolves when stderr matches; rejects when the run ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves when the run has ended. Fails the test when a secret was printed. */
  readonly ended: Promise<PluginResult>
}

/** A test that names one of both means a script. */
function commandOf({ node, program }: PluginOptions): readonly [string, ...string[]] {
  if (node === undefined && program === undefined) return pluginCommand
  return [node ?? process.execPath, program ?? resolve('bin', 'kubectl-oidc_login.js')]
}

/** Runs the built plugin to its end. */
export async function runPlugin(
  args: readonly string[],
  options: PluginOptions,
): Promise<PluginResult> {
  return await startPlugin(args, options).ended
}

/** Starts the built plugin as a process of its own. It is killed when the test ends. */
export function startPlugin(args: readonly string[], options: PluginOptions): PluginRun {
  const [program, ...first] = commandOf(options)
  const child = spawn(program, [...first, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.isDetached === true,
    env: { ...inherited(), ...homeOf(options), ...options.env },
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text
  })
  const ended = new Promise<PluginResult>((done, fail) => {
    child.once('error', fail)
    child.once('close', (exitCode) => {
      try {
        expect(secretsIn(written.stderr), 'secrets on stderr').toEqual([])
        expect(secretsIn(withoutToken(written.stdout)), 'secrets on stdout').toEqual([])
        expectNoSecret(written.stderr, [
          ...secretsOf(args),
          ...passwordsIn([...args, ...Object.values(options.env ?? {})]),
          ...secretsBelow(options.home),
        ])
        done({ exitCode, ...written })
      } catch (error) {
        fail(error)
      }
    })
  })
  ended.catch(() => undefined)
  return {
    child,
    stderr: () => written.stderr,
    ended,
    said: (pattern) => waitFor(() => pattern.exec(written.stderr), ended),
  }
}

/** Waits until `look` finds something; fails when the run ends before. */
async function waitFor<T>(look: () => T | null, ended: Promise<PluginResult>): Promise<T> {
  let last: PluginResult | undefined
  ended.then(
    (result) => {
      last = result
    },
    () => undefined,
  )
  for (;;) {
    const found = look()
    if (found !== null) return found
    if (last) throw new Error(`the plugin ended with ${last.exitCode}:\n${last.stderr}`)
    await new Promise((done) => setTimeout(done, 10))
  }
}

function homeOf({ home }: PluginOptions): Record<string, string> {
  // Otherwise what lasts no longer than a process would be left in the system's temporary folder.
  return { HOME: home, USERPROFILE: home, XDG_RUNTIME_DIR: join(home, 'runtime') }
}

function inherited(): Record<string, string> {
  const names = ['PATH', 'Path', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'APPDATA', 'LOCALAPPDATA']
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** A JWT, a parameter that holds a code, or a value that a test knows to be secret. */
function expectNoSecret(stderr: string, known: readonly string[]): void {
  expect(stderr).not.toMatch(/eyJ[\w-]{8,}\.[\w-]+/)
  expect(stderr).not.toMatch(/[?&](code|code_verifier|id_token_hint)=/)
  for (const secret of known) {
    expect(stderr.includes(secret), 'a secret was printed').toBe(false)
  }
}

/** The token of an ExecCredential is what stdout is for. */
function withoutToken(stdout: string): string {
  return stdout.replace(/("status":\{.*"token":")[^"]+/, '$1')
}

function secretsOf(args: readonly string[]): string[] {
  return args.flatMap((text) => /^--(?:oidc-client-secret|password)=(.+)$/.exec(text)?.[1] ?? [])
}

/** Passwords of URLs, as they are written there and as they are meant. */
function passwordsIn(texts: readonly string[]): string[] {
  return texts.flatMap((text) => {
    const written = /:\/\/[^/@\s]*:([^/@\s]+)@/.exec(text)?.[1]
    if (written === undefined) return []
    const meant = written.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
    return [written, Buffer.from(meant, 'latin1').toString('utf8')]
  })
}

/** Tokens in the session files of a home folder, wherever a test has put them. */
function secretsBelow(home: string): string[] {
  if (!existsSync(home)) return []
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /-[0-9a-f]{32}\.json$/.test(entry.name))
    .flatMap((entry) => {
      const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
      const tokens = text.matchAll(/"(?:token|idToken|refreshToken)":"([^"]{8,})"/g)
      return [...tokens].map((match) => match[1] ?? '')
    })
}
