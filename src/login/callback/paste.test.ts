import { describe, expect, it } from 'vitest'
import { parsePastedCallback } from './paste.ts'
import { expected, validQuery } from './testing/visitor.ts'

function paste(text: string): string {
  const result = parsePastedCallback(text, expected)
  return result.kind === 'wrong' ? result.reason : `code ${result.callback.parameters.get('code')}`
}

describe('parsePastedCallback()', () => {
  for (const text of [
    `http://localhost:8000/?${validQuery}`,
    `  http://localhost:8000/?${validQuery}\r\n`,
    `"http://localhost:8000/?${validQuery}"`,
    `<http://localhost:8000/callback?${validQuery}>`,
    `\u001b[200~http://localhost:8000/?${validQuery}\u001b[201~`,
    `localhost:8000/?${validQuery}`,
    `http://localhost:8000/?${validQuery}#`,
    `?${validQuery}`,
    validQuery,
  ]) {
    it(`takes ${JSON.stringify(text).slice(0, 60)}`, () => {
      expect(paste(text)).toBe('code abc')
    })
  }

  it('takes an error with the right state', () => {
    const text = `http://localhost:8000/?error=access_denied&state=${expected.state}`
    const result = parsePastedCallback(text, expected)
    expect(result.kind).toBe('accepted')
  })

  const wrong: readonly (readonly [name: string, text: string, reason: RegExp])[] = [
    ['another state', 'http://localhost:8000/?code=abc&state=other', /^Its state is not that/],
    ['an error without state', '/?error=denied', /^It has no state\. It says: "denied"\.$/],
    ['another issuer', `?${validQuery}&iss=https://evil`, /another issuer/],
    ['a bare code', 'SplxlOBeZQQYbYS6WxSbIA', /code alone/],
    ['an address without an answer', 'http://localhost:8000/?x=y', /holds no answer/],
    [
      'the address of the sign-in page',
      `https://sso.example.com/auth?response_type=code&client_id=x&state=${expected.state}`,
      /address of the sign-in page/,
    ],
    ['an answer in the fragment', `http://localhost:8000/#${validQuery}`, /response_mode "query"/],
    ['too much', `http://localhost:8000/?${validQuery}&x=${'x'.repeat(20_000)}`, /too long/],
    ['an empty line', '', /whole address/],
  ]
  for (const [name, text, reason] of wrong) {
    it(`refuses ${name}, and repeats nothing secret`, () => {
      expect(paste(text)).toMatch(reason)
      expect(paste(text)).not.toContain(expected.state)
    })
  }
})
