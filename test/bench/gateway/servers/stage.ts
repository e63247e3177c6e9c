import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestIssuer } from '../../../world/api/test-issuer.ts'
import { createAuthority } from '../../../world/certificates.ts'
import { authenticationYaml } from '../../../world/gateway/authentication-yaml.ts'

/** What all servers of a measurement have in common: one authority, one serving certificate, one issuer. */
export interface Stage {
  /** Where their files are; removed at the end. */
  readonly folder: string
  readonly caFile: string
  readonly caPem: string
  /** The serving certificate of everybody, ECDSA P-256, and its key: PEM files. */
  readonly certFile: string
  readonly keyFile: string
  /** URL of the issuer. */
  readonly issuer: string
  /** The AuthenticationConfiguration that believes the issuer, YAML: a user is the `sub` of the token. */
  readonly authentication: string
  /** Writes a file into the folder. @returns its path */
  write(name: string, text: string): string
  /** Signs a token of a user (ES256, two hours); each one is different. */
  sign(user?: string): Promise<string>
  /** Stops something when the stage closes, in the reverse order. @returns what was given */
  during<T extends { stop(): Promise<void> }>(started: T): T
}

/** Opens a stage, lets somebody use it, and stops everything that runs on it. */
export async function onStage<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'oidc-gateway-bench-'))
  const endings: (() => Promise<void>)[] = []
  try {
    return await play(await stageIn(folder, endings))
  } finally {
    for (const end of endings.reverse()) await end()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function stageIn(folder: string, endings: (() => Promise<void>)[]): Promise<Stage> {
  const authority = await createAuthority()
  const issuer = await startTestIssuer(authority)
  endings.push(issuer.stop)
  const { certPem, keyPem } = await authority.issue({ commonName: 'localhost' })
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  let serial = 0
  return {
    folder,
    caFile: write('ca.crt', authority.certPem),
    caPem: authority.certPem,
    certFile: write('tls.crt', certPem),
    keyFile: write('tls.key', keyPem),
    issuer: issuer.issuer,
    authentication: authenticationYaml({
      issuer: issuer.issuer,
      certPem: authority.certPem,
      claimMappings: '{username: {claim: sub, prefix: ""}}',
    }),
    write,
    async sign(user = 'john') {
      serial += 1
      const exp = Math.floor(Date.now() / 1000) + 7200
      return await issuer.sign({ sub: user, jti: String(serial), exp })
    },
    during(started) {
      endings.push(started.stop)
      return started
    },
  }
}
