import { describe, expect, test } from 'vitest'
import { isExcluded, isThisComputer } from './no-proxy.ts'

describe('NO_PROXY is read as Go reads it', () => {
  const cases: readonly [string, string, boolean][] = [
    ['example.com', 'https://example.com', true],
    ['example.com', 'https://sso.example.com', true],
    ['example.com', 'https://notexample.com', false],
    ['.example.com', 'https://sso.example.com', true],
    ['.example.com', 'https://example.com', false],
    ['*.example.com', 'https://sso.example.com', true],
    ['*.example.com', 'https://example.com', false],
    ['EXAMPLE.com', 'https://SSO.Example.Com.', true],
    ['example.com:443', 'https://example.com', true],
    ['example.com:8443', 'https://example.com', false],
    ['example.com:80', 'http://example.com', true],
    ['other.test, example.com', 'https://example.com', true],
    ['other.test example.com', 'https://example.com', true],
    ['*', 'https://example.com', true],
    [' , ,', 'https://example.com', false],
    ['', 'https://example.com', false],
    [':443', 'https://example.com', false],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/99', 'https://10.1.2.3', false],
    ['10.0.0.0/', 'https://10.1.2.3', false],
    ['0.0.0.0/0', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://ten.example.com', false],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['10.1.2.3:8443', 'https://10.1.2.3', false],
    ['10.1.2.3', 'https://10.1.2.30', false],
    ['2001:db8::/32', 'https://[2001:db8::1]', true],
    ['2001:db8::/32', 'https://[2001:db9::1]', false],
    ['2001:db8::1', 'https://[2001:db8:0::1]', true],
    ['[2001:db8::1]', 'https://[2001:db8::1]', true],
    ['[2001:db8::1]:443', 'https://[2001:db8::1]', true],
    ['[2001:db8::1]:8443', 'https://[2001:db8::1]', false],
  ]

  test.each(cases)('%j and %s: %s', (noProxy, url, expected) => {
    expect(isExcluded(new URL(url), noProxy)).toBe(expected)
  })
})

test.each(['http://localhost:8080', 'https://127.0.0.1', 'https://127.9.9.9', 'https://[::1]:1'])(
  '%s is this computer',
  (url) => {
    expect(isThisComputer(new URL(url))).toBe(true)
  },
)

test.each(['https://localhost.example.com', 'https://128.0.0.1', 'https://[::2]'])(
  '%s is another computer',
  (url) => {
    expect(isThisComputer(new URL(url))).toBe(false)
  },
)
