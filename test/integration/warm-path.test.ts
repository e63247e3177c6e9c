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
  const own = [
    'bin/kubectl-oidc_login.js',
    'bin/package.json',
    'dist/start.cjs',
    'package.json',
  ].map((name) => resolve(name))
  const opened = seen.opened.map((path) => path.replace(/^file:\/\//, ''))
  expect(opened.filter((path) => !own.includes(path))).toEqual([session])
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

test('a cached get-token loads one file of ours, without any library', async () => {
  const metafile = JSON.parse(readFileSync('dist/metafile.json', 'utf8'))
  const { inputs, imports }: Output = metafile.outputs['dist/start.cjs']
  const loaded = imports.filter(({ kind }) => kind !== 'dynamic-import').map(({ path }) => path)
  expect(loaded.filter((path) => !path.startsWith('node:'))).toEqual([])
  const sources = Object.entries(inputs).flatMap(([name, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [name] : [],
  )
  expect(sources.filter((name) => !name.startsWith('src/'))).toEqual([])
  const rooms = sources.flatMap((input) => /^src\/([^/]+)\//.exec(input)?.[1] ?? [])
  expect([...new Set(rooms)].sort()).toEqual(['commands', 'exec-credential', 'session', 'system'])
})

test('a cached get-token imports no module of the runtime, and needs no texts of options', async () => {
  const metafile = JSON.parse(readFileSync('dist/metafile.json', 'utf8'))
  const { inputs, imports }: Output = metafile.outputs['dist/start.cjs']
  // A module that is imported is loaded by an executable, too, which needs none.
  expect(imports.map(({ path }) => path)).toEqual(['./main.js'])
  const tables = Object.keys(inputs).filter((name) => /-options\.ts$|option-table/.test(name))
  expect(tables).toEqual(['src/commands/given-options.ts', 'src/commands/plain-options.ts'])
})

interface Output {
  readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>
  readonly imports: readonly { readonly path: string; readonly kind: string }[]
}
