import { describe, expect, it } from 'vitest'
import { OidcLoginError } from '../../errors.ts'
import { hostsOf, parseListenAddresses } from './addresses.ts'

function parse(text: string): { text: string; host: string; port: number } | undefined {
  return parseListenAddresses([text])[0]
}

describe('parseListenAddresses()', () => {
  it('reads host and port', () => {
    expect(parse('127.0.0.1:8000')).toEqual({
      text: '127.0.0.1:8000',
      host: '127.0.0.1',
      port: 8000,
    })
    expect(parse(' LocalHost:0 ')).toEqual({ text: 'localhost:0', host: 'localhost', port: 0 })
  })

  it('reads an IPv6 address in brackets', () => {
    expect(parse('[::1]:18000')).toEqual({ text: '[::1]:18000', host: '::1', port: 18000 })
  })

  it('takes this computer, and not the whole network, when there is no host', () => {
    expect(parse(':8000')).toEqual({ text: '127.0.0.1:8000', host: '127.0.0.1', port: 8000 })
  })

  for (const text of [
    '',
    '8000',
    '127.0.0.1',
    '127.0.0.1:',
    '127.0.0.1:65536',
    '127.0.0.1:-1',
    '127.0.0.1:http',
    '::1:8000',
    '[127.0.0.1]:8000',
    '[::1:8000',
    '[]:8000',
    'http://127.0.0.1:8000',
    'a b:80',
    `${'a'.repeat(254)}:80`,
  ]) {
    it(`refuses "${text.slice(0, 30)}"`, () => {
      expect(() => parse(text)).toThrow(OidcLoginError)
      expect(() => parse(text)).toThrow(/is not an address to listen on/)
    })
  }

  it('refuses an empty list', () => {
    expect(() => parseListenAddresses([])).toThrow(/no address to listen on/)
  })

  it('quotes what it refuses without its control characters', () => {
    expect(() => parse('\u001b[2J:x')).toThrow('"[2J:x" is not')
  })
})

describe('hostsOf()', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['127.0.0.1:0', ['127.0.0.1', '::1']],
    ['localhost:0', ['127.0.0.1', '::1']],
    ['[::1]:0', ['127.0.0.1', '::1']],
    ['0.0.0.0:0', ['0.0.0.0', '::1']],
    ['[::]:0', ['::']],
    ['10.0.0.7:0', ['10.0.0.7']],
  ]
  for (const [text, hosts] of cases) {
    it(`is ${hosts.join(' and ')} for ${text}`, () => {
      expect(parseListenAddresses([text]).map(hostsOf)).toEqual([hosts])
    })
  }
})
