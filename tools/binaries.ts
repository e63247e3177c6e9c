/**
 * Makes the executables of the plugin, one a platform, and what publishes them: archives with their digests
 * and lists of contents, and, for a repository, a krew manifest, a Homebrew formula and an install script.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Archive, pack } from './binaries/archive.ts'
import { compile } from './binaries/compile.ts'
import { homebrewFormula } from './binaries/homebrew.ts'
import { installScript } from './binaries/install-script.ts'
import { krewManifest } from './binaries/krew.ts'
import { releaseOn } from './binaries/release.ts'
import { sbom } from './binaries/sbom.ts'
import { ownTarget, targets } from './binaries/targets.ts'

const help = `npm run build:binaries -- [--target=<name>,…|own] [--out=<folder>] [--repository=<owner>/<name>]

  --target      platforms, default all: ${targets.map(({ name }) => name).join(', ')}; "own" is this computer's
  --out         where everything goes, default "binaries"
  --repository  on GitHub; writes oidc-login.yaml (krew), kubectl-oidc-login.rb (Homebrew) and install.sh, too
`

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: 'all' },
    out: { type: 'string', default: 'binaries' },
    repository: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) console.log(help)
else await buildBinaries(values.target, resolve(values.out), values.repository)

async function buildBinaries(wanted: string, out: string, repository?: string): Promise<void> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  const chosen = chosenTargets(wanted)
  if (repository && chosen.length < targets.length) {
    throw new Error('--repository needs the archives of all targets.')
  }
  rmSync(out, { recursive: true, force: true })
  const archives: Archive[] = []
  for (const [index, target] of chosen.entries()) {
    console.log(`[${index + 1}/${chosen.length}] ${target.name}`)
    const folder = join(out, target.name)
    mkdirSync(folder, { recursive: true })
    archives.push(pack(await compile(target, folder), version, folder))
  }
  for (const archive of archives) {
    const name = `${archive.name.replace('.tar.gz', '')}.cdx.json`
    write(out, name, `${JSON.stringify(sbom(archive, version), null, 2)}\n`)
  }
  write(out, 'SHA256SUMS', archives.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(''))
  if (repository) {
    const release = releaseOn(repository, version)
    write(out, 'oidc-login.yaml', krewManifest(release, archives))
    write(out, 'kubectl-oidc-login.rb', homebrewFormula(release, archives))
    write(out, 'install.sh', installScript(release, archives))
  }
  console.log(`Written to ${out}`)
}

function chosenTargets(wanted: string) {
  if (wanted === 'all') return targets
  const own = ownTarget()?.name
  const names = wanted.split(',').map((name) => (name === 'own' ? own : name))
  return names.map((name) => {
    const target = targets.find((one) => one.name === name)
    if (target === undefined) throw new Error(`There is no target "${name}".\n${help}`)
    return target
  })
}

function write(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), text)
}
