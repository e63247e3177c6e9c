import { readFileSync } from 'node:fs'
import { packagesOf } from '../notices.mjs'
import type { Archive } from './archive.ts'

/**
 * What an archive contains, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/): our program, the
 * packages of which something went into it, the runtime and the add-on for the keychain. It holds no time and
 * no serial number, so that the same archive has the same list.
 */
export function sbom({ executable, name, sha256 }: Archive, version: string): unknown {
  const { target, inputs } = executable
  const bundled = [...packagesOf(inputs), '@napi-rs/keyring', target.keychain]
  const program = {
    type: 'application',
    'bom-ref': 'program',
    name: 'kubectl-oidc_login',
    version,
    purl: `pkg:npm/kubectl-oidc-login@${version}`,
    licenses: [{ license: { id: 'Apache-2.0' } }],
  }
  const components = [
    ...[...new Set(bundled)].sort().map(libraryOf),
    { ...library(target.runtime), licenses: [{ license: { id: 'MIT' } }] },
  ]
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: program,
      properties: [
        { name: 'archive', value: name },
        { name: 'archive:sha256', value: sha256 },
      ],
    },
    components,
    dependencies: [{ ref: 'program', dependsOn: components.map((one) => one['bom-ref']) }],
  }
}

function libraryOf(name: string) {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  const { version, integrity, license } = Object(packages[`node_modules/${name}`])
  return {
    ...library({ name, version, integrity }),
    ...(typeof license === 'string' ? { licenses: [{ expression: license }] } : {}),
  }
}

interface Library {
  readonly name: string
  readonly version: string
  readonly integrity: string
}

function library({ name, version, integrity }: Library) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
  const content = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex')
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    hashes: [{ alg: 'SHA-512', content }],
  }
}
