import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Authority } from '../world/certificates.ts'
import { writeAccess } from './kubeconfig.ts'

/** Who the parts of a cluster are to each other. */
const clients = {
  admin: { commonName: 'admin', organizations: ['system:masters'] },
  // One credential for all controllers: their separate rights are not what is tested here.
  'controller-manager': {
    commonName: 'system:kube-controller-manager',
    organizations: ['system:masters'],
  },
  scheduler: { commonName: 'system:kube-scheduler' },
  kwok: { commonName: 'kwok', organizations: ['system:masters'] },
  'kubelet-client': { commonName: 'kube-apiserver-kubelet-client' },
} as const

/** A part of the cluster that has a client certificate and a kubeconfig. */
export type ClientName = keyof typeof clients

const servers = {
  apiserver: {
    commonName: 'kube-apiserver',
    hosts: ['localhost', '127.0.0.1', '10.0.0.1', 'kubernetes.default.svc'],
  },
  kubelet: { commonName: 'kubelet' },
} as const

/**
 * Writes all keys and certificates of a cluster: `ca.crt`, `ca.key`, `<name>.crt`, `<name>.key` and, for
 * clients, `<name>.kubeconfig`; `sa.key` and `sa.pub` sign and verify tokens of service accounts.
 *
 * @param server URL of the API server
 */
export async function writeCredentials(
  folder: string,
  authority: Authority,
  server: string,
): Promise<void> {
  const write = (name: string, text: string): void =>
    writeFileSync(join(folder, name), text, { mode: 0o600 })
  write('ca.crt', authority.certPem)
  write('ca.key', authority.keyPem)
  for (const [name, request] of Object.entries(servers)) {
    const { certPem, keyPem } = await authority.issue(request)
    write(`${name}.crt`, certPem)
    write(`${name}.key`, keyPem)
  }
  for (const [name, request] of Object.entries(clients)) {
    const certificate = await authority.issue({ ...request, client: true })
    write(`${name}.crt`, certificate.certPem)
    write(`${name}.key`, certificate.keyPem)
    const access = { server, caPem: authority.certPem, certificate }
    writeAccess(join(folder, `${name}.kubeconfig`), access)
  }
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  write('sa.key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  write('sa.pub', publicKey.export({ type: 'spki', format: 'pem' }).toString())
}
