import type { Issuer } from './authentication-configuration.ts'
import { faultOfCertificates } from './certificates.ts'
import { type Cursor, fieldsOf, quote, report, textAt, textsAt } from './decoding/index.ts'

/**
 * Decodes `issuer`.
 *
 * @param parent where a missing issuer is reported
 */
export function decodeIssuer(cursor: Cursor | undefined, parent: Cursor): Issuer {
  const fields = fieldsOf(cursor, [
    'url',
    'discoveryURL',
    'certificateAuthority',
    'audiences',
    'audienceMatchPolicy',
    'egressSelectorType',
  ])
  if (!fields) {
    if (!cursor) report(parent, 'issuer is missing.')
    return { url: '', discoveryURL: undefined, certificateAuthority: undefined, audiences: [] }
  }
  const url = decodeUrl(fields.at('url'))
  if (!fields.at('url')) report(fields.cursor, 'url is missing.')
  const egress = fields.at('egressSelectorType')
  if (egress && textAt(egress, '') !== '') {
    report(
      egress,
      'Egress selectors are part of kube-apiserver. The gateway reaches providers directly, or through the proxy that HTTPS_PROXY names; leave the field out.',
    )
  }
  return {
    url,
    discoveryURL: decodeDiscoveryUrl(fields.at('discoveryURL'), url),
    certificateAuthority: decodeAuthority(fields.at('certificateAuthority')),
    audiences: decodeAudiences(
      fields.at('audiences'),
      fields.at('audienceMatchPolicy'),
      fields.cursor,
    ),
  }
}

function decodeUrl(cursor: Cursor | undefined): string {
  const text = textAt(cursor, '')
  const fault = cursor && faultOfUrl(text)
  if (cursor && fault !== undefined) report(cursor, fault)
  return text
}

function decodeDiscoveryUrl(cursor: Cursor | undefined, issuer: string): string | undefined {
  const url = decodeUrl(cursor)
  if (cursor === undefined || url === '') return undefined
  if (withoutSlashes(url) === withoutSlashes(issuer)) {
    report(cursor, 'discoveryURL must differ from url; leave it out when it does not.')
  }
  return url
}

/** What is wrong with the URL of a provider; the rules are kube-apiserver's. */
function faultOfUrl(text: string): string | undefined {
  if (text === '') return 'The URL is empty.'
  if (!URL.canParse(text)) return `${quote(text)} is not a URL.`
  const url = new URL(text)
  if (url.protocol !== 'https:') {
    return `The URL must begin with https://, and this one is ${quote(text)}.`
  }
  if (url.username !== '' || url.password !== '') {
    return 'The URL must not contain a user name or password.'
  }
  if (text.includes('?')) return 'The URL must not contain a query.'
  if (text.includes('#')) return 'The URL must not contain a fragment.'
  if (/[\s\\]/.test(text)) return 'The URL must not contain blanks or backslashes.'
  return undefined
}

function decodeAuthority(cursor: Cursor | undefined): string | undefined {
  const pem = textAt(cursor, '')
  if (cursor === undefined || pem === '') return undefined
  const fault = faultOfCertificates(pem)
  if (fault !== undefined) report(cursor, fault)
  return pem
}

function decodeAudiences(
  cursor: Cursor | undefined,
  policy: Cursor | undefined,
  parent: Cursor,
): readonly string[] {
  const audiences = textsAt(cursor, {
    whenEmpty: 'Name at least one audience, usually the client id.',
  })
  const match = textAt(policy, '')
  if (!cursor) report(parent, 'audiences is missing: name at least one, usually the client id.')
  if (policy && match !== '' && match !== 'MatchAny') {
    report(policy, 'audienceMatchPolicy can only be MatchAny.')
  }
  if (audiences.length > 1 && match === '') {
    report(cursor ?? parent, 'With several audiences, audienceMatchPolicy: MatchAny is obligatory.')
  }
  return audiences
}

function withoutSlashes(url: string): string {
  return url.replace(/\/+$/, '')
}
