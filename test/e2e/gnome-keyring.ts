import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** The gnome-keyring that the suite was given; without one its tests are skipped. */
export const gnomeKeyringPath: string | undefined = process.env.GNOME_KEYRING

/** A D-Bus session of its own with gnome-keyring in it. */
export interface KeyringSession {
  /** Environment of the programs that belong to the session. */
  readonly env: Readonly<Record<string, string>>
  /** How many secrets of the plugin are there. */
  countKeys(): number
  /** Ends the session, and everything in it. */
  stop(): Promise<void>
}

/** Prints the bus address when the keyring is there; ends with its stdin. */
const script = `
IFS= read -r password
if [ -n "$password" ]
then printf %s "$password" | "$0" --foreground --unlock --components=secrets >/dev/null 2>&1 &
else "$0" --foreground --components=secrets >/dev/null 2>&1 &
fi
keyring=$!
for attempt in $(seq 300)
do
  dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
    string:org.freedesktop.secrets | grep -q 'boolean true' && break
  sleep 0.1
done
echo "$DBUS_SESSION_BUS_ADDRESS"
cat >/dev/null
kill $keyring
`

/**
 * Starts a keyring whose files lie in a folder.
 *
 * @param password unlocks the keyring; without one it stays locked
 */
export async function startKeyring(folder: string, password = ''): Promise<KeyringSession> {
  const runtime = join(folder, 'runtime')
  mkdirSync(runtime, { recursive: true, mode: 0o700 })
  // No display: a prompt cannot be shown, so it counts as refused.
  const own = { HOME: folder, XDG_DATA_HOME: join(folder, 'data'), XDG_RUNTIME_DIR: runtime }
  const child = spawn('dbus-run-session', ['--', 'sh', '-c', script, gnomeKeyringPath ?? ''], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH ?? '', ...own },
  })
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  const stop = async (): Promise<void> => {
    child.stdin.end()
    await ended
  }
  onTestFinished(stop)
  child.stdin.write(`${password}\n`)
  const env = { DBUS_SESSION_BUS_ADDRESS: await firstLine(child, ended), XDG_RUNTIME_DIR: runtime }
  return { env, countKeys: () => countKeys(env), stop }
}

async function firstLine(child: ChildProcess, ended: Promise<void>): Promise<string> {
  const line = new Promise<string>((done) => {
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (text.includes('\n')) done(text.trim())
    })
  })
  const tooEarly = ended.then(() => {
    throw new Error('the D-Bus session ended at once')
  })
  tooEarly.catch(() => undefined)
  return await Promise.race([line, tooEarly])
}

function countKeys(env: Readonly<Record<string, string>>): number {
  // stdout would show the keys themselves: it is only counted.
  const { stdout } = spawnSync(
    'secret-tool',
    ['search', '--all', 'service', 'kubectl-oidc-login'],
    {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', ...env },
    },
  )
  return stdout.match(/^\[/gm)?.length ?? 0
}
