/**
 * Builds `dist/` (the plugin) and `dist/gateway/`: each one entry with code splitting, so that a cached
 * `get-token` loads only what it needs. Dependencies are bundled (docs/decisions/0003-bundle.md) and their licences travel along.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

/**
 * What both programs are built with.
 *
 * @satisfies {import('esbuild').BuildOptions}
 */
const options = {
  bundle: true,
  splitting: true,
  minify: true,
  platform: /** @type {const} */ ('node'),
  format: /** @type {const} */ ('esm'),
  target: 'node20.19',
  chunkNames: '[name]-[hash]',
  // A native module: it is installed beside the bundle where the platform has one.
  external: ['@napi-rs/keyring'],
  define: {
    PACKAGE_VERSION: JSON.stringify(version),
    PACKAGE_COMMIT: JSON.stringify(commit()),
  },
  banner: {
    // Some dependencies are CommonJS and ask for Node's modules with require().
    js: "import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);",
  },
  metafile: /** @type {const} */ (true),
  logLevel: /** @type {const} */ ('warning'),
}

rmSync('dist', { recursive: true, force: true })
const plugin = await build({ ...options, entryPoints: ['src/main.ts'], outdir: 'dist' })
// What answers from the cache is one small file, with copies of what it shares with the whole program.
const start = await build({
  ...options,
  splitting: false,
  entryPoints: ['src/start.ts'],
  external: [...options.external, './main.js'],
  banner: {},
  outdir: 'dist',
})
// Apart, so that what the gateway shares with the plugin does not cut the plugin's start into more files.
const gateway = await build({
  ...options,
  entryPoints: ['src/gateway/main.ts', 'src/gateway/module.ts'],
  outdir: 'dist/gateway',
})
writeTypes()
writeFileSync(
  'dist/metafile.json',
  JSON.stringify({ outputs: { ...plugin.metafile.outputs, ...start.metafile.outputs } }),
)
writeFileSync(
  'dist/THIRD-PARTY-NOTICES.txt',
  notices([...Object.keys(plugin.metafile.inputs), ...Object.keys(gateway.metafile.inputs)]),
)

/** The types of the module, for those who embed the gateway: those that it leads to, and no others. */
function writeTypes() {
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'],
    { stdio: 'inherit' },
  )
  if (status !== 0) throw new Error('The types of the module could not be written.')
  const kept = new Set([join('dist', 'types', 'gateway', 'module.d.ts')])
  for (const file of kept) {
    // Declarations keep the names of the sources, which are not in the package.
    const text = readFileSync(file, 'utf8').replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'")
    writeFileSync(file, text)
    for (const [, name = ''] of text.matchAll(/from '(\.[^']*)\.js'/g)) {
      kept.add(join(dirname(file), `${name}.d.ts`))
    }
  }
  for (const entry of readdirSync('dist/types', { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (entry.isFile() && !kept.has(file)) rmSync(file)
  }
}

/** The commit that is built; empty outside a clone, as in a tarball of the sources. */
function commit() {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short=12', 'HEAD'], {
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim() : ''
}

/** @param {string[]} inputs */
function notices(inputs) {
  const packages = inputs.flatMap((input) => {
    const name = /(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]
    return name === undefined ? [] : [name]
  })
  return [...new Set(packages)].sort().map(notice).join('\n')
}

/** @param {string} name */
function notice(name) {
  const folder = join('node_modules', name)
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text =
    file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : ''
  return `${name} ${version} (${license})\n\n${text}\n${'-'.repeat(80)}\n`
}
