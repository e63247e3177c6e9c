import { type Dirent, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** Where a Unix system keeps the certificates that it trusts. */
export interface RootPlaces {
  /** Bundles; the first one that can be read counts. */
  readonly files: readonly string[]
  /** Folders of certificates; all of them are read. */
  readonly folders: readonly string[]
}

/** The places where Go looks (crypto/x509), and so kubectl and int128/kubelogin. */
const wellKnown: RootPlaces = {
  files: [
    '/etc/ssl/certs/ca-certificates.crt',
    '/etc/pki/tls/certs/ca-bundle.crt',
    '/etc/ssl/ca-bundle.pem',
    '/etc/pki/tls/cacert.pem',
    '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
    '/etc/ssl/cert.pem',
  ],
  folders: ['/etc/ssl/certs', '/etc/pki/tls/certs'],
}

/**
 * The certificates that a Unix system trusts, as Go finds them: `SSL_CERT_FILE` takes the place of
 * the bundles, and `SSL_CERT_DIR` (several with `:` between them) that of the folders.
 *
 * @returns PEM certificates, each once; none when nothing can be read
 */
export function operatingSystemRoots(
  env: Readonly<Record<string, string | undefined>>,
  places: RootPlaces = wellKnown,
): string[] {
  const files = env.SSL_CERT_FILE ? [env.SSL_CERT_FILE] : places.files
  const folders = env.SSL_CERT_DIR ? env.SSL_CERT_DIR.split(':') : places.folders
  return certificatesIn([firstReadable(files), ...folders.flatMap(filesIn)])
}

function firstReadable(paths: readonly string[]): string {
  for (const path of paths) {
    const text = contents(path)
    if (text !== undefined) return text
  }
  return ''
}

function filesIn(folder: string): string[] {
  return entries(folder)
    .filter((entry) => !isAlias(folder, entry))
    .map(({ name }) => contents(join(folder, name)) ?? '')
}

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

/** OpenSSL finds certificates by links that bear their hash: the same files once more. */
function isAlias(folder: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return false
  try {
    return !readlinkSync(join(folder, entry.name)).includes('/')
  } catch {
    return false
  }
}

function contents(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const certificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g

function certificatesIn(texts: readonly string[]): string[] {
  const found = new Map<string, string>()
  for (const text of texts) {
    for (const [pem] of text.matchAll(certificate)) found.set(pem.replaceAll(/\s/g, ''), pem)
  }
  return [...found.values()]
}
