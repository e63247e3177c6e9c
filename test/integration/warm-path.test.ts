import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../world/folder.ts'
import { storeSession } from '../world/sessions.ts'

const issuer = 'https://sso.example.com/realms/demo'

/**
 * Runs the built program with a small watcher in the same process: which files it opens, which
 * modules it loads, whether it touches the network or writes.
 */
const watcher = `
import fs from 'node:fs'
import net from 'node:net'
import { syncBuiltinESMExports } from 'node:module'
const seen = { opened: [], written: [], sockets: 0 }
for (const name of ['openSync', 'open']) {
  const original = fs[name]
  fs[name] = (path, flags, ...rest) => {
    seen[/[wa+]/.test(String(flags ?? 'r')) ? 'written' : 'opened'].push(String(path))
    return original(path, flags, ...rest)
  }
}
for (const name of ['linkSync', 'renameSync', 'mkdirSync', 'unlinkSync', 'writeFileSync']) {
  const original = fs[name]
  fs[name] = (path, ...rest) => { seen.written.push(String(path)); return original(path, ...rest) }
}
const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (...args) { seen.sockets += 1; return connect.apply(this, args) }
syncBuiltinESMExports()
process.on('exit', () => {
  fs.writeSync(2, JSON.stringify({ ...seen, modules: process.moduleLoadList }))
})
`

interface Seen {
  readonly opened: readonly string[]
  readonly written: readonly string[]
  readonly sockets: number
  readonly modules: readonly string[]
}

async function watchCachedGetToken(): Promise<{ seen: Seen; stdout: string; session: string }> {
  const home = temporaryFolder()
  const folder = join(home, '.kube', 'cache', 'oidc-login')
  const session = await storeSession(folder, { issuer })
  const watch = join(home, 'watch.mjs')
  writeFileSync(watch, watcher)
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      '--import',
      `file://${watch.replaceAll('\\', '/')}`,
      resolve('bin', 'kubectl-oidc_login.js'),
      'get-token',
      `--oidc-issuer-url=${issuer}`,
      '--oidc-client-id=kubernetes',
    ],
    { encoding: 'utf8', env: { ...process.env, HOME: home, USERPROFILE: home } },
  )
  expect(status, stderr).toBe(0)
  const seen: Seen = JSON.parse(stderr)
  return { seen, stdout, session }
}

test('a cached get-token opens one file, writes nothing and opens no socket', async () => {
  const { seen, stdout, session } = await watchCachedGetToken()
  expect(JSON.parse(stdout).status.token).toBe('header.stored-token.signature')
  // From Node 22 on the program's own modules are read through the same door.
  const own = [resolve('bin'), resolve('dist'), resolve('package.json')]
  const opened = seen.opened.map((path) => path.replace(/^file:\/\//, ''))
  expect(opened.filter((path) => !own.some((place) => path.startsWith(place)))).toEqual([session])
  expect(seen.written).toEqual([])
  expect(seen.sockets).toBe(0)
})

test('a cached get-token loads no module of the network', async () => {
  const { seen } = await watchCachedGetToken()
  const network = [
    'NativeModule https',
    'NativeModule http',
    'NativeModule tls',
    'NativeModule dns',
  ]
  expect(seen.modules.filter((name) => network.includes(name))).toEqual([])
})

test('what a cached get-token loads holds no library but the argument parser', () => {
  const metafile = JSON.parse(readFileSync('dist/metafile.json', 'utf8'))
  const loaded = staticInputs(metafile, 'dist/main.js')
  const libraries = loaded.flatMap(
    (input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? [],
  )
  expect([...new Set(libraries)]).toEqual(['commander'])
  const rooms = loaded.flatMap((input) => /^src\/([^/]+)\//.exec(input)?.[1] ?? [])
  expect([...new Set(rooms)].sort()).toEqual(['commands', 'exec-credential', 'session', 'system'])
})

interface Metafile {
  readonly outputs: Readonly<Record<string, Output>>
}

interface Output {
  readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>
  readonly imports: readonly { readonly path: string; readonly kind: string }[]
}

/** The source files of an output and of everything that it imports statically. */
function staticInputs(metafile: Metafile, entry: string): string[] {
  const pending = [entry]
  const visited = new Set<string>()
  const inputs = new Set<string>()
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const output = metafile.outputs[name]
    if (visited.has(name) || output === undefined) continue
    visited.add(name)
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      if (bytesInOutput > 0) inputs.add(input)
    }
    pending.push(
      ...output.imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path),
    )
  }
  return [...inputs]
}
