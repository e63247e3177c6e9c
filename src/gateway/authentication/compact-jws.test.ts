import fc from 'fast-check'
import { expect, test } from 'vitest'
import { base64url } from '../../../test/world/token-issuer.ts'
import { parseCompactJws } from './compact-jws.ts'

const header = '{"alg":"RS256","kid":"k","typ":"JWT"}'
const claims = '{"iss":"https://sso.example.com"}'

function tokenOf(head = header, body = claims, signature = 'AAAA'): string {
  return `${base64url(head)}.${base64url(body)}.${signature}`
}

test('a compact JWS is taken apart', () => {
  expect(parseCompactJws(tokenOf())).toEqual({
    algorithm: 'RS256',
    keyId: 'k',
    type: 'JWT',
    claims: new Map([['iss', 'https://sso.example.com']]),
  })
})

test.each([
  ['C5 two parts', 'AA.BB'],
  ['C5 five parts, a JWE', `${tokenOf()}.AAAA.AAAA`],
  ['C5 the JSON serialisation', JSON.stringify({ payload: base64url(claims), signatures: [] })],
  ['C5 a detached payload', `${base64url(header)}..AAAA`],
  ['C5 an unencoded payload', tokenOf('{"alg":"RS256","b64":false,"crit":["b64"]}')],
  ['C5 b64 without crit', tokenOf('{"alg":"RS256","b64":true}')],
  ['C5 a critical extension', tokenOf('{"alg":"RS256","crit":["exp"],"exp":1}')],
  ['C5 an empty list of critical extensions', tokenOf('{"alg":"RS256","crit":[]}')],
  ['C6 a key of its own', tokenOf('{"alg":"RS256","jwk":{"kty":"RSA","n":"AQAB","e":"AQAB"}}')],
  ['C6 a certificate of its own', tokenOf('{"alg":"RS256","x5c":["AAAA"]}')],
  ['C1 no signature', tokenOf(header, claims, '')],
  ['C1 no algorithm', tokenOf('{}')],
  ['C1 an algorithm that is no text', tokenOf('{"alg":["RS256"]}')],
  ['a kid that is no text', tokenOf('{"alg":"RS256","kid":1}')],
  ['a nonce that is no text', tokenOf('{"alg":"RS256","nonce":7}')],
  ['a typ that is no text', tokenOf('{"alg":"RS256","typ":null}')],
  ['C7 padding', `${base64url(header)}.${base64url(claims)}.AA==`],
  ['C7 a blank in front', ` ${tokenOf()}`],
  ['C7 a line break behind', `${tokenOf()}\n`],
  ['C7 standard base64', `${base64url(header)}.${base64url(claims)}.+/+/`],
  ['C7 bits that do not belong', `${base64url(header)}.${base64url(claims)}.AB`],
  ['C7 a letter too many', `${base64url(header)}.${base64url(claims)}.AAAAA`],
  ['C19 a header key that stands twice', tokenOf('{"alg":"none","alg":"RS256"}')],
  ['C19 a claim that stands twice', tokenOf(header, '{"sub":"john","sub":"admin"}')],
  ['claims that are no object', tokenOf(header, '["iss"]')],
  ['a nested token', tokenOf(header, tokenOf())],
  [
    'text that is not UTF-8',
    `${base64url(header)}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.AAAA`,
  ],
  ['nothing', ''],
])('refused: %s', (_, token) => {
  expect(parseCompactJws(token)).toBeUndefined()
})

test('C7 whatever is taken has only one spelling, and nothing is thrown', () => {
  const part = fc.oneof(fc.base64String(), fc.string(), fc.constant(base64url(header)))
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
      const token = parts.join('.')
      if (parseCompactJws(token) === undefined) return
      const again = token.split('.').map((text) => Buffer.from(text, 'base64url'))
      expect(again.map((bytes) => bytes.toString('base64url')).join('.')).toBe(token)
    }),
    { numRuns: 1000 },
  )
})
