import { describe, expect, it } from 'vitest'
import { describeInvalid, validateCallback } from './validate.ts'

const expectation = {
  state: 'secret-state',
  issuer: 'https://sso.example.com',
  issRequired: false,
}

function judge(query: string, changes: Partial<typeof expectation> = {}): string {
  const validation = validateCallback(new URLSearchParams(query), { ...expectation, ...changes })
  return validation.kind === 'invalid' ? describeInvalid(validation) : validation.kind
}

describe('validateCallback()', () => {
  it('takes a code or an error with the right state', () => {
    expect(judge('code=abc&state=secret-state')).toBe('valid')
    expect(judge('error=access_denied&state=secret-state')).toBe('valid')
  })

  it('takes the right issuer, and none unless the provider promises it', () => {
    expect(judge('code=abc&state=secret-state&iss=https://sso.example.com')).toBe('valid')
    expect(judge('code=abc&state=secret-state', { issRequired: true })).toMatch(
      /not name its issuer/,
    )
    expect(judge('error=x&state=secret-state', { issRequired: true })).toMatch(
      /not name its issuer/,
    )
    expect(judge('code=abc&state=secret-state&iss=', { issRequired: true })).toMatch(
      /not name its issuer/,
    )
  })

  it('compares issuers as strings (RFC 9207 §2.4)', () => {
    for (const iss of ['https://sso.example.com/', 'HTTPS://sso.example.com', 'https://evil']) {
      expect(judge(`code=abc&state=secret-state&iss=${iss}`)).toMatch(/another issuer/)
      expect(judge(`error=x&state=secret-state&iss=${iss}`)).toMatch(/another issuer/)
    }
  })

  it('compares whole states', () => {
    for (const state of ['secret-stat', 'secret-state ', 'secret-statex', 'SECRET-STATE']) {
      expect(judge(`code=abc&state=${encodeURIComponent(state)}`)).toMatch(/state is not that/)
    }
  })

  it('judges the state before anything else', () => {
    expect(judge('code=abc&code=def&iss=https://evil&state=wrong')).toBe(
      'Its state is not that of this sign-in.',
    )
  })

  it('takes a parameter without a value for absent (RFC 6749 §3.1)', () => {
    expect(judge('code=&state=secret-state')).toMatch(/neither a code nor an error/)
    expect(judge('code=abc&error=&iss=&state=secret-state')).toBe('valid')
  })

  it('refuses a parameter that is repeated, even with the same value', () => {
    expect(judge('code=abc&code=abc&state=secret-state')).toBe('It has more than one "code".')
    expect(judge('code=abc&state=secret-state&state=secret-state')).toBe(
      'It has more than one state.',
    )
  })

  it('finds no answer in other parameters', () => {
    expect(judge('')).toBe('empty')
    expect(judge('utm_source=x')).toBe('empty')
  })

  it('tells what an invalid answer says, made printable', () => {
    expect(judge('error=access_denied&error_description=a%0Ab%1B[2J')).toBe(
      'It has no state. It says: "access_denied: a b [2J".',
    )
  })
})
