/**
 * Builds `dist/` (the plugin) and `dist/gateway/`: each one entry with code splitting, so that a cached
 * `get-token` loads only what it needs. Dependencies are bundled (docs/decisions/0003-bundle.md) and their licences travel along.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { bundleOptions, bundlePlugin } from './bundle.mjs'
import { notices } from './notices.mjs'

rmSync('dist', { recursive: true, force: true })
const plugin = await bundlePlugin('dist', 'cjs')
// Apart, so that what the gateway shares with the plugin does not cut the plugin's start into more files.
const gateway = await build({
  ...bundleOptions,
  entryPoints: ['src/gateway/main.ts', 'src/gateway/module.ts'],
  outdir: 'dist/gateway',
})
writeTypes()
writeFileSync('dist/metafile.json', JSON.stringify(plugin))
writeFileSync(
  'dist/THIRD-PARTY-NOTICES.txt',
  notices([...Object.keys(plugin.inputs), ...Object.keys(gateway.metafile.inputs)]),
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
