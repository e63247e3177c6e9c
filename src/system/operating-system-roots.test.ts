import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createAuthority } from '../../test/world/certificates.ts'
import { temporaryFolder } from '../../test/world/folder.ts'
import { operatingSystemRoots } from './operating-system-roots.ts'

/** A system with two bundles, of which the first counts, and a folder. */
async function system() {
  const root = temporaryFolder()
  const place = (name: string): string => join(root, name)
  const [first, second, local, own] = await Promise.all(
    ['first', 'second', 'local', 'own'].map(async (name) => (await createAuthority(name)).certPem),
  )
  mkdirSync(place('certs'))
  writeFileSync(place('bundle-1'), `# a comment\n${first}${first}`)
  writeFileSync(place('bundle-2'), `${second}`)
  writeFileSync(place('certs/local.pem'), `${first}${local}`)
  writeFileSync(place('certs/readme.txt'), 'no certificate')
  symlinkSync('local.pem', place('certs/1a2b3c4d.0'))
  symlinkSync(place('nowhere'), place('certs/broken.pem'))
  mkdirSync(place('certs/folder'))
  mkdirSync(place('other'))
  writeFileSync(place('other/own.pem'), `${own}`)
  const places = {
    files: [place('none'), place('bundle-1'), place('bundle-2')],
    folders: [place('certs'), place('missing')],
  }
  const roots = (env: Record<string, string>): (string | undefined)[] =>
    operatingSystemRoots(env, places).map((pem) =>
      ['first', 'second', 'local', 'own'].find((_, index) =>
        [first, second, local, own][index]?.includes(pem),
      ),
    )
  return { place, roots }
}

test('the first bundle and all folders are read, each certificate once', async () => {
  const { roots } = await system()
  expect(roots({})).toEqual(['first', 'local'])
})

test('SSL_CERT_FILE takes the place of the bundles, SSL_CERT_DIR that of the folders', async () => {
  const { place, roots } = await system()
  expect(roots({ SSL_CERT_FILE: place('bundle-2') })).toEqual(['second', 'first', 'local'])
  expect(roots({ SSL_CERT_DIR: `${place('missing')}:${place('other')}` })).toEqual(['first', 'own'])
  const both = { SSL_CERT_FILE: place('bundle-2'), SSL_CERT_DIR: place('other') }
  expect(roots(both)).toEqual(['second', 'own'])
  expect(roots({ SSL_CERT_FILE: place('none'), SSL_CERT_DIR: place('missing') })).toEqual([])
  expect(roots({ SSL_CERT_FILE: '', SSL_CERT_DIR: '' })).toEqual(['first', 'local'])
})
