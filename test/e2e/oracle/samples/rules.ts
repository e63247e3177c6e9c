import type { Press, Sample } from './sample.ts'
import { withText } from './sample.ts'

/** Who issued a token, for whom, and when it is valid. */
export function ruleSamples(press: Press): readonly Sample[] {
  return [...times(press), ...audiences(press), ...issuers(press), ...distributed(press)]
}

function times(press: Press): readonly Sample[] {
  const { now } = press
  const values: Readonly<Record<string, string>> = {
    absent: '',
    null: 'null',
    'an hour ago': `${now - 3600}`,
    'in an hour': `${now + 3600}`,
    'in a year': `${now + 31_536_000}`,
    'half a minute ahead': `${now + 30}`,
    'ten minutes ahead': `${now + 600}`,
    zero: '0',
    negative: '-1',
    'a float ahead': `${now + 3600}.75`,
    'a float behind': `${now - 3600}.75`,
    'with an exponent': '4e9',
    'text ahead': `"${now + 3600}"`,
    'text behind': `"${now - 3600}"`,
    'no number': '"soon"',
    'empty text': '""',
    true: 'true',
    list: `[${now + 3600}]`,
    object: '{}',
    'the year 9999': '253402300799',
    'the year 10000': '253402300800',
    '2^53': '9007199254740992',
    '2^63 - 1': '9223372036854775807',
    '2^63': '9223372036854775808',
    '1e18': '1e18',
    '1e19': '1e19',
    '1e300': '1e300',
    'beyond a double': '1e400',
    'minus 1e300': '-1e300',
    'a tiny fraction': '1e-300',
    'negative zero': '-0',
    milliseconds: `${now * 1000}`,
  }
  return ['exp', 'nbf', 'iat', 'auth_time', 'updated_at'].flatMap((claim) =>
    Object.entries(values).map(([name, text]) => {
      const { [claim]: _, ...others } = press.honest('plain')
      const rest = JSON.stringify(others)
      const written = text === '' ? rest : `${rest.slice(0, -1)},"${claim}":${text}}`
      return press.sample(`${claim}: ${name}`, 'plain', written)
    }),
  )
}

function audiences(press: Press): readonly Sample[] {
  const values: Readonly<Record<string, unknown>> = {
    absent: undefined,
    null: null,
    text: 'kubernetes',
    'in capitals': 'Kubernetes',
    'with a blank': 'kubernetes ',
    other: 'other',
    empty: '',
    number: 1,
    true: true,
    object: { kubernetes: true },
    'list of one': ['kubernetes'],
    'list of two': ['other', 'kubernetes'],
    'list twice the same': ['kubernetes', 'kubernetes'],
    'list of others': ['a', 'b'],
    'empty list': [],
    'nested list': [['kubernetes']],
    'list with a number': [1, 'kubernetes'],
    'list with null': [null, 'kubernetes'],
    'list with empty': ['', 'kubernetes'],
  }
  const parties: Readonly<Record<string, unknown>> = {
    absent: undefined,
    text: 'kubernetes',
    other: 'other',
    empty: '',
    null: null,
    number: 7,
    list: ['kubernetes'],
  }
  const renamed = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value ?? null).replaceAll('kubernetes', 'two'))
  return [
    ...Object.entries(values).map(([name, aud]) => press.sample(`aud: ${name}`, 'plain', { aud })),
    ...Object.entries(values).map(([name, aud]) =>
      press.sample(`aud: ${name}`, 'audiences', { aud: aud === undefined ? aud : renamed(aud) }),
    ),
    ...Object.entries(parties).flatMap(([name, azp]) => [
      press.sample(`azp: ${name}, one audience`, 'plain', { azp }),
      press.sample(`azp: ${name}, two audiences`, 'plain', { azp, aud: ['kubernetes', 'account'] }),
    ]),
    press.sample('azp: text, three audiences that are ours', 'audiences', {
      aud: ['one', 'two', 'three'],
      azp: 'one',
    }),
    press.sample('aud: with a blank in it', 'blank-audience', { aud: 'a b' }),
    press.sample('aud: not ASCII', 'blank-audience', { aud: 'ü' }),
    press.sample('aud: not ASCII, decomposed', 'blank-audience', { aud: 'u\u0308' }),
  ]
}

function issuers(press: Press): readonly Sample[] {
  const url = String(press.honest('plain').iss)
  const values: Readonly<Record<string, unknown>> = {
    absent: undefined,
    null: null,
    empty: '',
    number: 7,
    list: [url],
    'with a slash': `${url}/`,
    'without a path': press.issuers.server.url,
    'in capitals': url.toUpperCase(),
    'with a blank': `${url} `,
    'with a fragment': `${url}#`,
    'with a query': `${url}?`,
    'by another name': url.replace('127.0.0.1', 'localhost'),
    'with a dot segment': url.replace('/plain', '/x/../plain'),
    'percent-encoded': url.replace('plain', 'pl%61in'),
    'another of ours': String(press.honest('prefixed').iss),
    'that of Google': 'https://accounts.google.com',
    'that of the cluster': 'https://kubernetes.default.svc',
  }
  return [
    ...Object.entries(values).map(([name, iss]) => press.sample(`iss: ${name}`, 'plain', { iss })),
    press.sample('iss: without a scheme', 'google', { iss: 'accounts.google.com' }),
    press.sample('iss: with plain http', 'google', { iss: 'http://accounts.google.com' }),
  ]
}

/** Claims that another server is to be asked for (OpenID Connect Core §5.6.2). */
function distributed(press: Press): readonly Sample[] {
  const endpoint = `${press.issuers.server.url}/distributed`
  const names = { groups: 'there' }
  const sources = { there: { endpoint } }
  const without = { groups: undefined }
  const one = (name: string, claims: Readonly<Record<string, unknown>>): Sample[] =>
    ['plain', 'username-sub', 'groups-11'].map((variant) =>
      press.sample(`distributed: ${name}`, variant, claims),
    )
  const { groups: _, ...others } = press.honest('plain')
  press.issuers.server.answer('/distributed', {
    body: press.sample('', 'plain', { ...others, groups: ['from-there'] }).token,
  })
  return [
    ...one('groups elsewhere', { ...without, _claim_names: names, _claim_sources: sources }),
    ...one('groups here, too', { _claim_names: names, _claim_sources: sources }),
    ...one('another claim', { ...without, _claim_names: { x: 'there' }, _claim_sources: sources }),
    ...one('no sources', { ...without, _claim_names: names }),
    ...one('no such source', { ...without, _claim_names: names, _claim_sources: {} }),
    ...one('an empty name of a source', { _claim_names: { groups: '' }, _claim_sources: sources }),
    ...one('names are a list', { _claim_names: [], _claim_sources: sources }),
    ...one('names are text', { _claim_names: 'there' }),
    ...one('names are null', { _claim_names: null, _claim_sources: null }),
    ...one('a name is a number', { _claim_names: { groups: 7 }, _claim_sources: sources }),
    ...one('sources are text', { _claim_sources: 'there' }),
    ...one('a source is text', { _claim_sources: { there: 'x' } }),
    ...one('an endpoint is a number', { _claim_sources: { there: { endpoint: 7 } } }),
    ...one('aggregated', {
      ...without,
      _claim_names: names,
      _claim_sources: { there: { JWT: 'a.b.c' } },
    }),
    press.sample(
      'distributed: names in capitals',
      'plain',
      withText(press, 'plain', '"_Claim_Names":7'),
    ),
  ]
}
