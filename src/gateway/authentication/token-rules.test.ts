import { expect, test } from 'vitest'
import type { TokenSettings } from '../config/index.ts'
import { type Json, parseStrictJson } from '../json/index.ts'
import { tokenSettings } from '../testing/samples.ts'
import { faultOfToken } from './token-rules.ts'

const now = Date.parse('2026-01-01T00:00:00Z')
const seconds = now / 1000

/** Why a token is refused; `none` when it is not. */
function faultOf(
  claims: Readonly<Record<string, unknown>> | string,
  more: { readonly type?: string; readonly settings?: Partial<TokenSettings> } = {},
): string {
  const usual = { aud: 'kubernetes', exp: seconds + 60 }
  const text = typeof claims === 'string' ? claims : JSON.stringify({ ...usual, ...claims })
  const json: Json | undefined = parseStrictJson(text)
  if (!(json instanceof Map)) throw new Error('the claims are no object')
  const token = { algorithm: 'RS256', keyId: 'k', type: more.type, claims: json }
  const expected = {
    audiences: ['kubernetes', 'cli'],
    settings: tokenSettings(more.settings),
    now,
  }
  return faultOfToken(token, expected)?.reason ?? 'none'
}

test.each([
  ['kubernetes', 'none'],
  [['kubernetes'], 'none'],
  ['cli', 'none'],
  ['other', 'token_audience_refused'],
  ['Kubernetes', 'token_audience_refused'],
  ['kubernetes ', 'token_audience_refused'],
  [[], 'token_audience_refused'],
  [7, 'token_audience_refused'],
  [null, 'token_audience_refused'],
  [[['kubernetes']], 'token_audience_refused'],
  [['kubernetes', 7], 'token_audience_refused'],
  [{ kubernetes: true }, 'token_audience_refused'],
])('C9 the audience %j: %s', (aud, outcome) => {
  expect(faultOf({ aud, azp: 'cli' })).toBe(outcome)
})

test('C9 a token without an audience is refused', () => {
  expect(faultOf(`{"exp":${seconds + 60}}`)).toBe('token_audience_refused')
})

test.each([
  [{ aud: ['kubernetes', 'account'] }, [], 'token_audience_refused'],
  [{ aud: ['kubernetes', 'account'], azp: 'cli' }, [], 'none'],
  [{ aud: ['kubernetes', 'account'], azp: '' }, ['cli'], 'token_audience_refused'],
  [{ aud: ['kubernetes', 'account'], azp: 7 }, [], 'token_audience_refused'],
  [{ aud: 'kubernetes' }, ['cli'], 'token_audience_refused'],
  [{ aud: 'kubernetes', azp: 'evil' }, ['cli'], 'token_audience_refused'],
  [{ aud: 'kubernetes', azp: 'cli' }, ['cli'], 'none'],
  [{ aud: 'kubernetes', azp: null }, [], 'token_audience_refused'],
])('C10 %j with the authorized parties %j: %s', (claims, authorizedParties, outcome) => {
  expect(faultOf(claims, { settings: { authorizedParties } })).toBe(outcome)
})

test.each([
  [seconds + 1, 'none'],
  [seconds + 0.5, 'none'],
  [seconds, 'token_expired'],
  [seconds - 1, 'token_expired'],
  [-1, 'token_expired'],
  [0, 'token_expired'],
  ['9999999999', 'token_malformed'],
  [Number.MAX_SAFE_INTEGER, 'none'],
  [2 ** 63, 'token_malformed'],
  [1e300, 'token_malformed'],
  [null, 'token_malformed'],
  [true, 'token_malformed'],
  [[seconds + 60], 'token_malformed'],
])('C11 exp %j: %s', (exp, outcome) => {
  expect(faultOf({ exp })).toBe(outcome)
})

test('C11 a token without exp is refused', () => {
  expect(faultOf('{"aud":"kubernetes"}')).toBe('token_malformed')
})

test.each(['nbf', 'iat'])('C12 C13 %s may be ahead by the leeway, and no more', (name) => {
  const settings = { notBeforeLeewaySeconds: 60 }
  expect(faultOf({ [name]: seconds + 60 }, { settings })).toBe('none')
  expect(faultOf({ [name]: seconds + 61 }, { settings })).toBe('token_not_yet_valid')
  expect(faultOf({ [name]: seconds }, { settings: { notBeforeLeewaySeconds: 0 } })).toBe('none')
  expect(faultOf({ [name]: String(seconds) })).toBe('token_malformed')
  expect(faultOf({ [name]: null })).toBe('token_malformed')
})

test.each([
  [undefined, {}, 'none'],
  ['JWT', {}, 'none'],
  ['jwt', {}, 'none'],
  ['application/jwt', {}, 'none'],
  [undefined, { typ: 'ID' }, 'none'],
  ['at+jwt', {}, 'token_class_refused'],
  ['application/at+jwt', {}, 'token_class_refused'],
  ['AT+JWT', {}, 'token_class_refused'],
  ['logout+jwt', {}, 'token_class_refused'],
  ['secevent+jwt', {}, 'token_class_refused'],
  ['', {}, 'token_class_refused'],
  ['JWT', { typ: 'Bearer' }, 'token_class_refused'],
  ['JWT', { typ: 'Refresh' }, 'token_class_refused'],
  ['JWT', { typ: 'Offline' }, 'token_class_refused'],
  ['JWT', { typ: 'Logout' }, 'token_class_refused'],
  ['JWT', { events: {} }, 'token_class_refused'],
])('C14 the header typ %j with %j: %s', (type, claims, outcome) => {
  expect(faultOf(claims, type === undefined ? {} : { type })).toBe(outcome)
  const settings = { tokenType: 'any' } as const
  expect(faultOf(claims, { ...(type === undefined ? {} : { type }), settings })).toBe('none')
})

test.each(['sub', 'nonce', 'at_hash'])('%s must be text, whatever the username is', (name) => {
  expect(faultOf({ [name]: 'a' })).toBe('none')
  expect(faultOf({ [name]: null })).toBe('none')
  for (const value of [7, true, ['a'], {}])
    expect(faultOf({ [name]: value })).toBe('token_malformed')
})

test.each(['Exp', 'ISS', 'aUd', 'NBF', 'SUB', 'i\u017fs', '_Claim_Names'])(
  'C19 %s is not to be mixed up with the claim that is written otherwise',
  (name) => {
    expect(faultOf({ [name]: 1 })).toBe('token_malformed')
  },
)

test('C19 other claims may be written as they like', () => {
  expect(faultOf({ Groups: ['a'], EMAIL: 'a', exp2: 1, '\u212aey': 1 })).toBe('none')
})

test.each([
  [{ groups: 'a' }, { a: { endpoint: 'https://a.example' } }, 'none'],
  [{ groups: 'a' }, { a: { JWT: 'x.y.z' } }, 'none'],
  [null, null, 'none'],
  [{}, { a: null }, 'none'],
  [{ groups: 'a' }, undefined, 'token_malformed'],
  [{ groups: 'a' }, {}, 'token_malformed'],
  [{ groups: '' }, { a: {} }, 'token_malformed'],
  [{ groups: 7 }, { a: {} }, 'token_malformed'],
  [[], undefined, 'token_malformed'],
  ['a', undefined, 'token_malformed'],
  [undefined, 'a', 'token_malformed'],
  [undefined, { a: 'b' }, 'token_malformed'],
  [undefined, { a: { endpoint: 7 } }, 'token_malformed'],
  [undefined, { a: { access_token: [] } }, 'token_malformed'],
])('C28 _claim_names %j with _claim_sources %j: %s', (names, sources, outcome) => {
  expect(faultOf({ _claim_names: names, _claim_sources: sources })).toBe(outcome)
})
