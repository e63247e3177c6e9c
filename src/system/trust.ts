import { readFileSync } from 'node:fs'
import * as tls from 'node:tls'

/**
 * The certificate authorities of a connection when the user gives some: the given ones **and** those
 * that Node would have trusted without them. (int128/kubelogin drops the system's roots here.)
 *
 * @param given PEM certificates
 * @returns undefined when none is given, so that Node's default stays in force
 */
export function additionalTrust(given: readonly string[]): string[] | undefined {
  if (given.length === 0) return undefined
  return [...defaultTrust(), ...given]
}

function defaultTrust(): readonly string[] {
  // From Node 22.15 on this includes NODE_EXTRA_CA_CERTS and the flags that choose a store.
  const getCertificates: unknown = Reflect.get(tls, 'getCACertificates')
  if (typeof getCertificates !== 'function')
    return [...tls.rootCertificates, ...extraCertificates()]
  const certificates: unknown = getCertificates('default')
  return Array.isArray(certificates) ? certificates.map(String) : tls.rootCertificates
}

function extraCertificates(): string[] {
  const path = process.env.NODE_EXTRA_CA_CERTS
  if (path === undefined || path === '') return []
  try {
    return [readFileSync(path, 'utf8')]
  } catch {
    // Node itself warns at its start about a file that it cannot read.
    return []
  }
}
