import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { build } from 'esbuild'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))

/**
 * What both programs are built with.
 *
 * @satisfies {import('esbuild').BuildOptions}
 */
export const bundleOptions = {
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

/**
 * Bundles the plugin: the whole program with code splitting, and apart from it the one small file that answers
 * from the cache, with copies of what it shares with the whole program.
 *
 * @param {string} folder where the files go
 * @param {'cjs' | 'esm'} startFormat modules of the start: Node.js loads a CommonJS file in less time, Bun an
 *   ECMAScript module; it is called `start.cjs` or `start.js`
 * @param {Record<string, string>} [define] names that are replaced by constants
 * @returns {Promise<Pick<import('esbuild').Metafile, 'inputs' | 'outputs'>>} what went into which file
 */
export async function bundlePlugin(folder, startFormat, define = {}) {
  const options = { ...bundleOptions, define: { ...bundleOptions.define, ...define } }
  const whole = await build({ ...options, entryPoints: ['src/main.ts'], outdir: folder })
  const start = await build({
    ...options,
    splitting: false,
    entryPoints: ['src/start.ts'],
    plugins: [leaveDynamicImports, evaluateOptionTable],
    banner: {},
    format: startFormat,
    outfile: `${folder}/start.${startFormat === 'cjs' ? 'cjs' : 'js'}`,
  })
  return {
    inputs: { ...whole.metafile.inputs, ...start.metafile.inputs },
    outputs: { ...whole.metafile.outputs, ...start.metafile.outputs },
  }
}

/**
 * What is imported only when it is needed is not part of the start: esbuild would bundle it, too, and put every
 * file into a function that is called at its first import.
 *
 * @type {import('esbuild').Plugin}
 */
const leaveDynamicImports = {
  name: 'leave-dynamic-imports',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    )
  },
}

/**
 * The start needs a part of the option tables, and no time to make it.
 *
 * @type {import('esbuild').Plugin}
 */
const evaluateOptionTable = {
  name: 'evaluate-option-table',
  setup(start) {
    start.onLoad({ filter: /[/\\]commands[/\\]plain-table\.ts$/ }, async ({ path }) => {
      const { outputFiles } = await build({
        entryPoints: [path],
        bundle: true,
        format: 'esm',
        write: false,
      })
      const code = Buffer.from(outputFiles.map(({ text }) => text).join('')).toString('base64')
      const { plainTable } = await import(`data:text/javascript;base64,${code}`)
      return { contents: `export const plainTable = ${JSON.stringify(plainTable)}`, loader: 'js' }
    })
  },
}

/** The commit that is built; empty outside a clone, as in a tarball of the sources. */
function commit() {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short=12', 'HEAD'], {
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim() : ''
}
