import { type Cursor, durationAt, fieldsOf, oneOfAt, report, textAt } from './decoding/index.ts'
import type { CertificateRenewal } from './gateway-configuration.ts'

/** Decodes `upstream.renewal`; undefined when it is absent, and nothing is renewed. */
export function decodeRenewal(cursor: Cursor | undefined): CertificateRenewal | undefined {
  const fields = fieldsOf(cursor, ['secret', 'approval', 'validity'])
  if (!fields) return undefined
  return {
    secret: decodeSecret(fields.at('secret'), fields.cursor),
    approval: oneOfAt(fields.at('approval'), 'external', ['external', 'self']),
    // The API grants no less than ten minutes, and nobody can revoke a certificate.
    validityMs: durationAt(fields.at('validity'), '168h', ['10m', '8784h']),
  }
}

/** Names of namespaces are labels (RFC 1123), those of Secrets may have dots. */
const secretName =
  /^([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\/([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)$/

function decodeSecret(cursor: Cursor | undefined, parent: Cursor): CertificateRenewal['secret'] {
  const text = textAt(cursor, '')
  const [, namespace = '', name = ''] = secretName.exec(text) ?? []
  if (namespace === '') {
    report(
      cursor ?? parent,
      'renewal needs secret, as NAMESPACE/NAME: the Secret that certFile and keyFile come from.',
    )
  }
  return { namespace, name }
}
