import { writeFileSync } from 'node:fs'
import type { KeyAndCertificate } from '../world/certificates.ts'

/** Who goes where by a kubeconfig. */
export interface Access {
  /** URL of the API server, or of a gateway. */
  readonly server: string
  /** Certificate of the authority that vouches for it. */
  readonly caPem: string
  /** The one or the other, or neither for somebody who is nobody. */
  readonly certificate?: KeyAndCertificate
  readonly token?: string
  /** `default` by default. */
  readonly namespace?: string
}

/** Writes a kubeconfig with everything in it. JSON is YAML, too. */
export function writeAccess(path: string, access: Access): void {
  const { server, caPem, namespace = 'default' } = access
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': base64(caPem) } }],
    users: [{ name: 'test', user: userOf(access) }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace } }],
  }
  writeFileSync(path, `${JSON.stringify(kubeconfig, undefined, 2)}\n`, { mode: 0o600 })
}

function userOf({ certificate, token }: Access): object {
  if (!certificate) return token === undefined ? {} : { token }
  const { certPem, keyPem } = certificate
  return { 'client-certificate-data': base64(certPem), 'client-key-data': base64(keyPem) }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
