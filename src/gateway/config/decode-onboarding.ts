import { faultOfOrigin } from './addresses.ts'
import { faultOfCertificates } from './certificates.ts'
import { type Cursor, fieldsOf, pathAt, quote, report, textAt, textsAt } from './decoding/index.ts'
import type { OnboardingSettings } from './gateway-configuration.ts'

/**
 * Decodes `onboarding`.
 *
 * @param readText reads the file of the authority; undefined when it cannot
 */
export function decodeOnboarding(
  cursor: Cursor | undefined,
  readText: (path: string) => string | undefined,
): OnboardingSettings | undefined {
  const fields = fieldsOf(cursor, [
    'clusterName',
    'server',
    'certificateAuthority',
    'certificateAuthorityFile',
    'issuer',
    'clientId',
    'scopes',
  ])
  if (!fields) return undefined
  for (const name of ['clusterName', 'server', 'issuer', 'clientId'] as const) {
    if (textAt(fields.at(name), '') === '') report(fields.cursor, `${name} is missing.`)
  }
  const server = fields.at('server')
  const fault = server && faultOfOrigin(textAt(server, ''))
  if (fault !== undefined) report(server ?? fields.cursor, fault)
  const scopes = textsAt(fields.at('scopes'))
  return {
    clusterName: textAt(fields.at('clusterName'), ''),
    server: textAt(server, ''),
    certificateAuthority: decodeAuthority(
      fields.at('certificateAuthority'),
      fields.at('certificateAuthorityFile'),
      readText,
    ),
    issuer: textAt(fields.at('issuer'), ''),
    clientId: textAt(fields.at('clientId'), ''),
    scopes: scopes.length > 0 ? scopes : ['openid'],
  }
}

function decodeAuthority(
  inline: Cursor | undefined,
  file: Cursor | undefined,
  readText: (path: string) => string | undefined,
): string | undefined {
  if (inline && file) {
    report(file, 'Either certificateAuthority or certificateAuthorityFile, and not both.')
  }
  const cursor = inline ?? file
  if (!cursor) return undefined
  const path = pathAt(file, '')
  const pem = inline ? textAt(inline, '') : readText(path)
  if (pem === undefined) {
    report(cursor, `The file ${quote(path)} cannot be read.`)
    return undefined
  }
  const fault = faultOfCertificates(pem)
  if (fault !== undefined) report(cursor, fault)
  return pem
}
