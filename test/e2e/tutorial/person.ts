import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContext, Page } from 'playwright-core'
import type { AtEnd } from '../../world/gateway/at-end.ts'
import { writePluginLauncher } from '../../world/plugin-launcher.ts'
import { openWindow } from '../browser.ts'
import { kubectlPath } from '../kubectl.ts'
import { noteVisits } from '../visits.ts'

/** Somebody at a computer with both programs, a kubectl and a browser. */
export interface Person {
  readonly home: string
  /** Gives a command to a shell. */
  start(command: string): Typed
  /** The page in the browser that the plugin sends it to next. */
  visit(): Promise<Page>
  /** How often the browser was sent somewhere. */
  countVisits(): number
}

/** A command that was typed into a terminal. */
export interface Typed {
  /** What the terminal has shown so far. */
  shown(): string
  /** Waits until the terminal shows something. Rejects when the command ends before. */
  shows(isSeen: (shown: string) => boolean): Promise<void>
  /** Presses Ctrl-C. */
  interrupt(): void
  /** Resolves with the exit code; null after a signal. */
  readonly ended: Promise<number | null>
}

/** Whose computer it is. */
export interface PersonFacts {
  /** Home folders are below it. */
  readonly folder: string
  readonly name: string
  /** Path of the certificates that the computer trusts. */
  readonly trusted: string
  readonly env: Readonly<Record<string, string>>
  /** What lies in the home folder, by name. */
  readonly files: Readonly<Record<string, string>>
}

/** Sits somebody down; the window closes when `atEnd` says, and what was started ends. */
export async function sitDown(facts: PersonFacts, atEnd: AtEnd): Promise<Person> {
  const home = join(facts.folder, facts.name)
  mkdirSync(home)
  for (const [name, text] of Object.entries(facts.files)) writeFileSync(join(home, name), text)
  const bin = writePluginLauncher(home)
  const launcher = join(bin, 'oidc-gateway')
  const program = resolve('bin', 'oidc-gateway.js')
  writeFileSync(launcher, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`)
  chmodSync(launcher, 0o755)
  const visits = noteVisits(home)
  const environment = {
    HOME: home,
    PATH: [bin, dirname(kubectlPath ?? ''), process.env.PATH ?? ''].join(delimiter),
    // kubectl and our programs read it alike.
    SSL_CERT_FILE: facts.trusted,
    KUBECTL_OIDC_LOGIN_YES: 'true',
    KUBECTL_OIDC_LOGIN_LISTEN_ADDRESS: '127.0.0.1:0',
    KUBECTL_OIDC_LOGIN_BROWSER_COMMAND: visits.command,
    // A real browser and a real Keycloak share the processors with everything else.
    KUBECTL_OIDC_LOGIN_AUTHENTICATION_TIMEOUT_SEC: '120',
    CURL_CA_BUNDLE: facts.trusted,
    ...facts.env,
  }
  const running = new Set<ChildProcess>()
  atEnd(() => {
    for (const child of running) kill(child, 'SIGKILL')
  })
  let window: Promise<BrowserContext> | undefined
  return {
    home,
    start(command) {
      const typed = type(command, { cwd: home, env: environment })
      running.add(typed.child)
      typed.ended.finally(() => running.delete(typed.child))
      return typed
    },
    async visit() {
      window ??= openWindow({}, atEnd)
      const page = await (await window).newPage()
      await page.goto(await visits.next())
      return page
    },
    countVisits: visits.count,
  }
}

interface TypedProcess extends Typed {
  readonly child: ChildProcess
}

function type(command: string, options: { cwd: string; env: NodeJS.ProcessEnv }): TypedProcess {
  // A group of its own is what Ctrl-C is for: the shell and all that it runs.
  const child = spawn('bash', ['-ec', `exec 2>&1\n${command}`], {
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  let shown = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text
  })
  let hasEnded = false
  const ended = new Promise<number | null>((done, fail) => {
    child.once('error', fail)
    child.once('close', (exitCode) => {
      hasEnded = true
      done(exitCode)
    })
  })
  return {
    child,
    ended,
    shown: () => shown,
    async shows(isSeen) {
      while (!isSeen(shown)) {
        if (hasEnded) throw new Error(`This has ended: ${command}\n${shown}`)
        await sleep(50)
      }
    },
    interrupt: () => kill(child, 'SIGINT'),
  }
}

function kill({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, signal)
}
