import { dirname } from 'node:path/posix'
import {
  credentialSecretName,
  gatewayName,
  type Installation,
  type InstalledCredential,
  podFiles,
} from './installation.ts'

/** How long a token lasts; kubelet replaces it in good time. */
const tokenSeconds = 3600

/** Volumes of the pod, each with the folder where the container has it. */
export function volumesOf(installation: Installation): readonly Mounted[] {
  return [
    {
      folder: dirname(podFiles.configuration),
      volume: { name: 'config', configMap: { name: gatewayName } },
    },
    {
      folder: dirname(podFiles.servingCertificate),
      volume: { name: 'tls', secret: { secretName: installation.tlsSecretName, defaultMode } },
    },
    {
      folder: dirname(podFiles.clusterAuthority),
      volume: {
        name: 'kubernetes',
        projected: {
          defaultMode,
          sources: [
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
            credentialSource(installation.credential),
          ],
        },
      },
    },
  ]
}

/** A volume and where it is mounted. */
export interface Mounted {
  readonly folder: string
  readonly volume: { readonly name: string; readonly [source: string]: unknown }
}

/** For the owner and the group of the pod; octal, since YAML and JSON write it as a decimal number. */
const defaultMode = 0o440

function credentialSource({ kind }: InstalledCredential): unknown {
  if (kind === 'token') {
    return { serviceAccountToken: { path: 'token', expirationSeconds: tokenSeconds } }
  }
  const items = ['tls.crt', 'tls.key'].map((key) => ({ key, path: key }))
  return { secret: { name: credentialSecretName, items } }
}
