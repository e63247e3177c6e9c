import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { bundlePlugin } from '../bundle.mjs'
import { run } from '../run.ts'
import { downloadOnce, lockedPackage } from './download.ts'
import { ownTarget, type Target } from './targets.ts'

/** An executable that was made. */
export interface Executable {
  readonly target: Target
  /** Absolute path. */
  readonly path: string
  /** What went into it: paths of sources below the repository. */
  readonly inputs: readonly string[]
}

/**
 * Makes the executable of the plugin for one platform: Bun's runtime, our bundle as bytecode, and the
 * add-on that speaks to the keychain.
 *
 * @param folder where it goes; it must exist
 */
export async function compile(target: Target, folder: string): Promise<Executable> {
  const builder = ownTarget()
  if (builder === undefined) throw new Error('Bun does not run on this computer.')
  const stage = resolve('.cache', `stage-${target.name}-${process.pid}`)
  const path = join(folder, target.os === 'windows' ? `${programName}.exe` : programName)
  try {
    const { inputs } = await bundlePlugin(stage, 'esm', { IS_EXECUTABLE: 'true' })
    writeFileSync(join(stage, 'entry.js'), entry)
    // Bun bundles the package, too, and with it the one add-on that it finds beside it.
    for (const name of ['@napi-rs/keyring', target.keychain]) {
      const place = join(stage, 'node_modules', name)
      mkdirSync(place, { recursive: true })
      cpSync(downloadOnce(lockedPackage(name)), place, { recursive: true })
    }
    run(
      executableOf(builder),
      [...options, ...runtimeOf(target), `--outfile=${path}`, 'entry.js'],
      {
        cwd: stage,
      },
    )
    return { target, path, inputs: Object.keys(inputs) }
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

/** The file name without ending; kubectl looks for it. */
export const programName = 'kubectl-oidc_login'

const entry = `import { start } from './start.js'
process.exit(await start(process.argv.slice(2)))
`

const options = [
  'build',
  '--compile',
  '--minify',
  '--bytecode',
  '--splitting',
  '--format=esm',
  // A cached get-token ends before anything could be worth compiling; src/start.ts takes it back for the rest.
  '--compile-jit-policy=1000',
  // Otherwise files of the folder in which kubectl happens to be called could change what the program does.
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
  '--no-compile-autoload-tsconfig',
  '--no-compile-autoload-package-json',
]

function runtimeOf(target: Target): readonly string[] {
  const { os, arch, isMusl } = target
  const name = `bun-${os}-${arch === 'amd64' ? 'x64-baseline' : 'arm64'}${isMusl ? '-musl' : ''}`
  return [`--target=${name}`, `--compile-executable-path=${executableOf(target)}`]
}

/** Path of the Bun of an executable; it is downloaded when it is not there yet. */
export function executableOf({ runtime, os }: Target): string {
  return join(downloadOnce(runtime), 'bin', os === 'windows' ? 'bun.exe' : 'bun')
}
