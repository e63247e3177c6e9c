import { readFileSync } from 'node:fs'
import * as tls from 'node:tls'
import { operatingSystemRoots } from './operating-system-roots.ts'

/** What decides whom we trust. */
export interface TrustRules {
  /** PEM certificates that are trusted beside those of the system. */
  readonly given: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
}

/**
 * The certificate authorities of a connection: the given ones **and** those of the operating system,
 * in which a company installs its own. (int128/kubelogin drops the system's when some are given.)
 *
 * On Unix they are read as Go reads them. On macOS and Windows Node asks the system, from 22.15 on;
 * before that, and where Unix has no certificates at all, Node's own list takes their place.
 *
 * @returns PEM certificates
 */
export function trustedCertificates({ given, env, platform }: TrustRules): string[] {
  return [...systemTrust(env, platform), ...extraCertificates(env), ...given]
}

function systemTrust(env: TrustRules['env'], platform: NodeJS.Platform): readonly string[] {
  if (platform === 'win32' || platform === 'darwin') {
    return [...new Set([...nodeTrust('bundled'), ...nodeTrust('system')])]
  }
  const roots = operatingSystemRoots(env)
  const isChosen = Boolean(env.SSL_CERT_FILE ?? env.SSL_CERT_DIR)
  return roots.length > 0 || isChosen ? roots : nodeTrust('bundled')
}

function nodeTrust(store: 'bundled' | 'system'): readonly string[] {
  if (store === 'bundled') return tls.rootCertificates
  const getCertificates: unknown = Reflect.get(tls, 'getCACertificates')
  if (typeof getCertificates !== 'function') return []
  const certificates: unknown = getCertificates('system')
  return Array.isArray(certificates) ? certificates.map(String) : []
}

function extraCertificates({ NODE_EXTRA_CA_CERTS: path }: TrustRules['env']): string[] {
  if (path === undefined || path === '') return []
  try {
    return [readFileSync(path, 'utf8')]
  } catch {
    // Node itself warns at its start about a file that it cannot read.
    return []
  }
}
