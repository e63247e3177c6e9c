import { createHmac } from 'node:crypto'
import { base64url, type SigningKey } from '../../../world/token-issuer.ts'
import type { Press, Sample } from './sample.ts'

/** Algorithms, keys, headers, and damaged tokens. */
export function signatureSamples(press: Press): readonly Sample[] {
  return [...algorithms(press), ...headers(press), ...damaged(press)]
}

function algorithms(press: Press): readonly Sample[] {
  const { keys } = press.issuers
  const under = (key: SigningKey, algorithm: string): SigningKey => ({ ...key, algorithm })
  const signedAs = (name: string, key: SigningKey, header = {}): Sample =>
    press.sample(name, 'plain', {}, { key, header })
  const rsa = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
  const claimed = (alg: unknown): Sample =>
    press.sample(`alg: ${JSON.stringify(alg)}, signed by ES256`, 'plain', {}, { header: { alg } })
  return [
    signedAs('ES384', keys.es384),
    signedAs('ES512', keys.es512),
    ...rsa.map((alg) => signedAs(`${alg} with a key for any`, under(keys.any, alg))),
    ...rsa.map((alg) => signedAs(`${alg} with a key for RS256`, under(keys.rs, alg))),
    ...rsa.map((alg) => signedAs(`${alg} with a key for PS256`, under(keys.ps, alg))),
    signedAs('a key for encryption', keys.encryption),
    signedAs('the first of two keys of one name', keys.twin),
    signedAs('the second of two keys of one name', keys.otherTwin, { kid: keys.twin.keyId }),
    signedAs('a key that is not published', keys.unpublished),
    signedAs('a stranger under a known name', keys.unpublished, { kid: keys.es.keyId }),
    signedAs('no kid, and the only key of its kind', keys.es384, { kid: undefined }),
    signedAs('no kid, and several keys', keys.es, { kid: undefined }),
    signedAs('no kid, and several RSA keys', keys.any, { kid: undefined }),
    signedAs('an empty kid, and the only key of its kind', keys.es384, { kid: '' }),
    signedAs('an empty kid, and several keys', keys.es, { kid: '' }),
    ...[
      'none',
      'None',
      'nOnE',
      '',
      'es256',
      'ES384',
      'RS256',
      'HS256',
      'EdDSA',
      'ES256K',
      7,
      null,
      undefined,
      ['ES256'],
    ].map(claimed),
    ...['none', 'None', ''].map((alg) =>
      press.sample(
        `alg ${alg} without a signature`,
        'plain',
        {},
        {
          header: { alg },
          damage: (token) => token.replace(/[^.]*$/, ''),
        },
      ),
    ),
    ...['HS256', 'HS384', 'HS512'].map((alg) =>
      press.sample(
        `${alg} with the public key as its secret`,
        'plain',
        {},
        {
          header: { alg, kid: keys.rs.keyId },
          damage(token) {
            const input = token.slice(0, token.lastIndexOf('.'))
            const mac = createHmac(`sha${alg.slice(2)}`, keys.rs.publicPem).update(input)
            return `${input}.${mac.digest('base64url')}`
          },
        },
      ),
    ),
  ]
}

function headers(press: Press): readonly Sample[] {
  const { unpublished } = press.issuers.keys
  const fields: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    'typ JWT': { typ: 'JWT' },
    'typ jwt': { typ: 'jwt' },
    'typ application/jwt': { typ: 'application/JWT' },
    'typ at+jwt': { typ: 'at+jwt' },
    'typ application/at+jwt': { typ: 'application/at+jwt' },
    'typ logout+jwt': { typ: 'logout+jwt' },
    'typ secevent+jwt': { typ: 'secevent+jwt' },
    'typ empty': { typ: '' },
    'typ is a number': { typ: 7 },
    'typ is null': { typ: null },
    'typ is a list': { typ: ['JWT'] },
    'cty JWT': { cty: 'JWT' },
    'kid is a number': { kid: 7 },
    'kid is null': { kid: null },
    'kid is a list': { kid: ['es'] },
    'kid of another key': { kid: 'es384' },
    'kid is unknown': { kid: 'nobody' },
    'kid with a path': { kid: '../../etc/passwd' },
    'kid with a blank': { kid: 'es ' },
    'kid in capitals': { kid: 'ES' },
    'crit with exp': { crit: ['exp'] },
    'crit with exp, given': { crit: ['exp'], exp: 1 },
    'crit with b64': { crit: ['b64'], b64: true },
    'crit is empty': { crit: [] },
    'crit is text': { crit: 'b64' },
    'crit is null': { crit: null },
    'b64 true': { b64: true },
    'b64 false': { b64: false },
    'b64 is text': { b64: 'true' },
    'b64 is null': { b64: null },
    jku: { jku: 'https://evil.example/keys' },
    'jku is a number': { jku: 7 },
    x5u: { x5u: 'https://evil.example/cert' },
    x5c: { x5c: ['AAAA'] },
    'x5c is text': { x5c: 'AAAA' },
    x5t: { x5t: 'AAAA' },
    zip: { zip: 'DEF' },
    enc: { enc: 'A128GCM' },
    nonce: { nonce: 'x' },
    'nonce is a number': { nonce: 7 },
    epk: { epk: {} },
    'a long header': { x: 'x'.repeat(3000) },
    'nested header': { x: { y: [1, { z: null }] } },
  }
  const texts: Readonly<Record<string, string>> = {
    'alg twice': '{"alg":"none","alg":"ES256","kid":"es"}',
    'alg twice, none last': '{"alg":"ES256","kid":"es","alg":"none"}',
    'kid twice': '{"alg":"ES256","kid":"es384","kid":"es"}',
    'x twice': '{"alg":"ES256","kid":"es","x":1,"x":2}',
    'alg in capitals': '{"ALG":"ES256","kid":"es"}',
    'alg in capitals, too': '{"alg":"ES256","ALG":"none","kid":"es"}',
    'with blanks': ' { "alg" : "ES256" , "kid" : "es" } ',
    'with a tail': '{"alg":"ES256","kid":"es"}x',
    'is a list': '["ES256"]',
    'is null': 'null',
    'is empty': '',
    'with a lone surrogate': '{"alg":"ES256","kid":"es","x":"\\ud800"}',
    'with a number beyond a double': '{"alg":"ES256","kid":"es","x":1e400}',
    'kid with a lone surrogate': '{"alg":"ES256","kid":"\\ud800"}',
    'alg by escapes': '{"alg":"\\u0045S256","kid":"es"}',
    'without alg': '{"kid":"es"}',
    deep: `{"alg":"ES256","kid":"es","x":${'['.repeat(50)}${']'.repeat(50)}}`,
  }
  return [
    ...Object.entries(fields).map(([name, header]) =>
      press.sample(`header: ${name}`, 'plain', {}, { header }),
    ),
    ...Object.entries(texts).map(([name, header]) =>
      press.sample(`header: ${name}`, 'plain', {}, { header }),
    ),
    press.sample(
      'header: the key itself',
      'plain',
      {},
      {
        key: unpublished,
        header: { jwk: unpublished.jwk },
      },
    ),
    press.sample(
      'header: the key itself under a known name',
      'plain',
      {},
      {
        key: unpublished,
        header: { jwk: unpublished.jwk, kid: 'es' },
      },
    ),
    press.sample('header: jwk is text', 'plain', {}, { header: { jwk: 'x' } }),
    press.sample('header: jwk of another key', 'plain', {}, { header: { jwk: unpublished.jwk } }),
  ]
}

/** The last character of a part with its unused bits set: the same bytes, spelled otherwise. */
function respelled(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return `${text.slice(0, -1)}${alphabet[alphabet.indexOf(text.slice(-1)) + 1]}`
}

function damaged(press: Press): readonly Sample[] {
  type Parts = readonly [string, string, string]
  const changes: Readonly<Record<string, (parts: Parts) => string>> = {
    'no signature': ([head, body]) => `${head}.${body}.`,
    'no dot before it': ([head, body]) => `${head}.${body}`,
    'no header': ([, body, sign]) => `.${body}.${sign}`,
    'no claims': ([head, , sign]) => `${head}..${sign}`,
    'four parts': (parts) => `${parts.join('.')}.`,
    'five parts': (parts) => `${parts.join('.')}.a.b`,
    'two dots': () => '..',
    'one word': () => 'token',
    'signature cut': ([head, body, sign]) => `${head}.${body}.${sign.slice(0, -4)}`,
    'signature longer': ([head, body, sign]) => `${head}.${body}.${sign}AAAA`,
    'signature respelled': ([head, body, sign]) => `${head}.${body}.${respelled(sign)}`,
    'signature padded': ([head, body, sign]) => `${head}.${body}.${sign}==`,
    'header padded': ([head, body, sign]) => `${head}=.${body}.${sign}`,
    'claims padded': ([head, body, sign]) => `${head}.${body}=.${sign}`,
    'signature of zeros': ([head, body]) => `${head}.${body}.${'A'.repeat(86)}`,
    'signature in DER': ([head, body]) => `${head}.${body}.${base64url('0D\u0002 abc')}`,
    'other claims': ([head, body, sign]) =>
      `${head}.${base64url(Buffer.from(body, 'base64url').toString().replace('john', 'jane'))}.${sign}`,
    'other header': ([, body, sign]) =>
      `${base64url('{"alg":"ES256","kid":"es","x":1}')}.${body}.${sign}`,
    'the common alphabet': ([head, body, sign]) =>
      `${head}.${body}.${sign.replaceAll('-', '+').replaceAll('_', '/')}+`,
    'a tilde behind': (parts) => `${parts.join('.')}~`,
    'JSON serialization': ([head, body, sign]) =>
      JSON.stringify({ payload: body, protected: head, signature: sign }),
  }
  const cut = (token: string): Parts => {
    const [head = '', body = '', sign = ''] = token.split('.')
    return [head, body, sign]
  }
  return Object.entries(changes).map(([name, change]) =>
    press.sample(`damaged: ${name}`, 'plain', {}, { damage: (token) => change(cut(token)) }),
  )
}
