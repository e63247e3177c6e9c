import { expect, test } from 'vitest'
import { isFresh, refreshMarginMs, type Session } from './session.ts'

const minute = 60_000
const session: Session = {
  identity: {
    issuer: 'https://sso.example.com',
    clientId: 'kubernetes',
    scopes: ['openid'],
    tokenKind: 'id_token',
    extraParameters: {},
  },
  token: 'token',
  obtainedAt: 100 * minute,
  refreshAt: 159 * minute,
  expiresAt: 160 * minute,
}

test('refreshMarginMs() is a tenth of the life, a minute at most', () => {
  expect(refreshMarginMs(60 * minute)).toBe(minute)
  expect(refreshMarginMs(100_000)).toBe(10_000)
  expect(refreshMarginMs(-1)).toBe(0)
})

test('isFresh() ends at the refresh margin, not at the end of the token', () => {
  expect(isFresh(session, 159 * minute - 1)).toBe(true)
  expect(isFresh(session, 159 * minute)).toBe(false)
})

test('isFresh() does not believe a token that comes from the future of this clock', () => {
  expect(isFresh(session, 100 * minute - 30_000)).toBe(true)
  expect(isFresh(session, 98 * minute)).toBe(false)
})
