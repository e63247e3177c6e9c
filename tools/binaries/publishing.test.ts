import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Archive } from './archive.ts'
import { homebrewFormula } from './homebrew.ts'
import { installScript } from './install-script.ts'
import { krewManifest } from './krew.ts'
import { releaseOn } from './release.ts'
import { sbom } from './sbom.ts'
import { ownTarget, targets } from './targets.ts'

const folder = mkdtempSync(join(tmpdir(), 'oidc-login-binaries-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const release = releaseOn('example/kubectl-oidc-login', '1.2.3')

const archives: readonly Archive[] = targets.map((target, index) => ({
  executable: { target, path: '/nowhere', inputs: ['node_modules/commander/lib/command.js'] },
  name: `${target.name}.tar.gz`,
  sha256: String(index).repeat(64),
}))

test('the krew manifest has one archive for each platform that krew knows', () => {
  const { metadata, spec } = parse(krewManifest(release, archives))
  expect(metadata.name).toBe('oidc-login')
  expect(spec.version).toBe('v1.2.3')
  const platforms: { selector: { matchLabels: object }; uri: string; bin: string }[] =
    spec.platforms
  expect(platforms.map(({ selector }) => JSON.stringify(selector.matchLabels))).toEqual([
    '{"os":"linux","arch":"amd64"}',
    '{"os":"linux","arch":"arm64"}',
    '{"os":"darwin","arch":"amd64"}',
    '{"os":"darwin","arch":"arm64"}',
    '{"os":"windows","arch":"amd64"}',
  ])
  expect(platforms[0]?.uri).toBe(
    'https://github.com/example/kubectl-oidc-login/releases/download/v1.2.3/linux-amd64.tar.gz',
  )
  expect(platforms[4]?.bin).toBe('kubectl-oidc_login.exe')
})

test('the formula names the archive and the digest of each platform of Homebrew', () => {
  const formula = homebrewFormula(release, archives)
  for (const { executable, name, sha256 } of archives) {
    const { os, isMusl } = executable.target
    const isExpected = os !== 'windows' && isMusl !== true
    expect(formula.includes(`/${name}"\n      sha256 "${sha256}"`), name).toBe(isExpected)
  }
})

test('the list of contents names what was bundled, the runtime and the keychain', () => {
  const [archive] = archives
  if (archive === undefined) throw new Error('there is no target')
  const { components }: { components: { name: string; hashes: { content: string }[] }[] } = Object(
    sbom(archive, '1.2.3'),
  )
  expect(components.map(({ name }) => name)).toEqual([
    '@napi-rs/keyring',
    '@napi-rs/keyring-linux-x64-gnu',
    'commander',
    '@oven/bun-linux-x64-baseline',
  ])
  for (const { hashes } of components) expect(hashes[0]?.content).toMatch(/^[0-9a-f]{128}$/)
})

const target = ownTarget()

/** Runs the install script against an archive in a folder. */
function install(changed: (bytes: Buffer) => Buffer) {
  if (target === undefined) throw new Error('there is no archive for this computer')
  const place = mkdtempSync(join(folder, 'install-'))
  writeFileSync(join(place, 'kubectl-oidc_login'), '#!/bin/sh\necho it runs\n')
  chmodSync(join(place, 'kubectl-oidc_login'), 0o755)
  spawnSync('tar', ['-czf', join(place, 'one.tar.gz'), '-C', place, 'kubectl-oidc_login'])
  const bytes = readFileSync(join(place, 'one.tar.gz'))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  writeFileSync(join(place, 'one.tar.gz'), changed(bytes))
  const script = installScript({ ...release, downloads: `file://${place}` }, [
    { executable: { target, path: '/nowhere', inputs: [] }, name: 'one.tar.gz', sha256 },
  ])
  const bin = join(place, 'home', 'bin')
  mkdirSync(join(place, 'home'))
  const run = spawnSync('sh', ['-s'], {
    input: script,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: join(place, 'home'), BINDIR: bin },
  })
  return { ...run, program: join(bin, 'kubectl-oidc_login') }
}

const canInstall = process.platform !== 'win32' && spawnSync('curl', ['--version']).status === 0

test.runIf(canInstall)('the install script puts the program where it is asked to', () => {
  const { status, stderr, program } = install((bytes) => bytes)
  expect(status, stderr).toBe(0)
  expect(stderr).toMatch(/Add \S+ to your PATH/)
  expect(spawnSync(program, { encoding: 'utf8' }).stdout).toBe('it runs\n')
})

test.runIf(canInstall)(
  'the install script refuses an archive that is not that of the release',
  () => {
    const { status, stderr, program } = install((bytes) => Buffer.concat([bytes, Buffer.from([0])]))
    expect(status).toBe(1)
    expect(stderr).toMatch(/error: one\.tar\.gz is not the archive of this release/)
    expect(spawnSync(program).error).toMatchObject({ code: 'ENOENT' })
  },
)
