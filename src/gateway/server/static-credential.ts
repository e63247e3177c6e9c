import type { UserEntry } from '../../kubeconfig/index.ts'
import type { System } from '../../system/index.ts'
import type { UpstreamAccess } from '../upstream/index.ts'
import { certificatePair, type NamedText, readText } from './pem-files.ts'
import { tokenOf } from './token-text.ts'

/**
 * The credential that stands in a kubeconfig itself: a token, its file, or a client certificate.
 *
 * @param refuse makes the error for a user who has none of them
 * @throws OidcLoginError `file_unreadable`, `certificate_invalid`, `configuration_invalid`
 */
export function staticCredential(
  system: Pick<System, 'files'>,
  user: UserEntry,
  refuse: () => Error,
): UpstreamAccess['credential'] {
  const { token, tokenFile, ...pair } = user.credential
  // client-go takes the file first, because it is read again.
  if (tokenFile) return { kind: 'token', token: tokenOf(readText(system, tokenFile), tokenFile) }
  if (token) return { kind: 'token', token: tokenOf(token, 'the kubeconfig') }
  const certificate = textOf(
    system,
    'client-certificate',
    pair.clientCertificateData,
    pair.clientCertificate,
  )
  const key = textOf(system, 'client-key', pair.clientKeyData, pair.clientKey)
  if (!certificate || !key) throw refuse()
  return { kind: 'certificate', ...certificatePair(certificate, key) }
}

/** The data count more than the file (client-go `rest.loadTLSFiles`). */
function textOf(
  system: Pick<System, 'files'>,
  field: string,
  data: string | undefined,
  path: string | undefined,
): NamedText | undefined {
  if (data) return { text: Buffer.from(data, 'base64').toString('utf8'), name: `${field}-data` }
  return path ? { text: readText(system, path), name: path } : undefined
}
