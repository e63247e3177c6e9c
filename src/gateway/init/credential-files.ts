import { join } from 'node:path'
import { OidcLoginError, systemErrorCode } from '../../errors.ts'
import type { System } from '../../system/index.ts'
import type { OperatorAccess } from '../cluster/index.ts'
import type { UpstreamAccess } from '../upstream/index.ts'
import type { KeptCertificate } from './kept-certificate.ts'

const names = {
  authority: 'ca.crt',
  token: 'token',
  certificate: 'tls.crt',
  key: 'tls.key',
  configuration: 'upstream.yaml',
} as const

/** Certificate and key that an earlier run has written, when both can be read. */
export function keptFiles(
  { files }: Pick<System, 'files'>,
  folder: string,
): KeptCertificate | undefined {
  try {
    const certificate = files.read(join(folder, names.certificate))?.text
    const key = files.read(join(folder, names.key))?.text
    return certificate && key ? { certificate, key } : undefined
  } catch {
    // Writing will say what is wrong with the folder.
    return undefined
  }
}

/**
 * Writes the credential of a gateway that runs elsewhere, mode 0600, and the part of a configuration that
 * names the files.
 *
 * @throws OidcLoginError `file_unwritable`, `kubeconfig_invalid` when the kubeconfig does not say how the
 *   gateway would verify the API server
 */
export function writeCredential(
  { files }: Pick<System, 'files'>,
  access: OperatorAccess,
  folder: string,
  credential: UpstreamAccess['credential'],
  tell: (line: string) => void,
): void {
  const contents = contentsOf(access, folder, credential)
  try {
    files.makePrivateFolder(folder)
    for (const [name, text] of contents) files.writeAtomic(join(folder, name), text)
  } catch (error) {
    throw new OidcLoginError(
      'file_unwritable',
      `The credential cannot be written to ${folder}: ${systemErrorCode(error) ?? 'unexpected error'}.`,
      {
        hint: 'Check the folder and its permissions, and run the same command again.',
        cause: error,
      },
    )
  }
  tell(`written    ${contents.map(([name]) => join(folder, name)).join(', ')}`)
}

function contentsOf(
  { server, certificateAuthorities }: OperatorAccess,
  folder: string,
  credential: UpstreamAccess['credential'],
): readonly (readonly [name: string, text: string])[] {
  const [authority] = certificateAuthorities
  if (authority === undefined) {
    throw new OidcLoginError(
      'kubeconfig_invalid',
      'The cluster in the kubeconfig names no certificate authority, and a gateway needs one.',
      { hint: 'Give it "certificate-authority-data": the ConfigMap kube-root-ca.crt holds it.' },
    )
  }
  const field = (name: string, file: string): string =>
    `  ${name}: ${JSON.stringify(join(folder, file))}`
  const fields =
    credential.kind === 'token'
      ? [field('tokenFile', names.token)]
      : [field('certFile', names.certificate), field('keyFile', names.key)]
  const lines = ['upstream:', `  server: ${server}`, field('caFile', names.authority), ...fields]
  const secret: readonly (readonly [string, string])[] =
    credential.kind === 'token'
      ? [[names.token, `${credential.token}\n`]]
      : [
          [names.key, credential.key],
          [names.certificate, credential.certificate],
        ]
  return [...secret, [names.authority, authority], [names.configuration, `${lines.join('\n')}\n`]]
}
