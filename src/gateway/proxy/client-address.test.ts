import { expect, test } from 'vitest'
import { createClientAddress } from './client-address.ts'

const address = createClientAddress(['10.0.0.0/8', 'fd00::/8'])
const forwarded = (...values: string[]) =>
  values.map((value) => ['X-Forwarded-For', value] as const)

test.each([
  ['nobody is believed who is not trusted', '203.0.113.7', ['1.2.3.4'], '203.0.113.7'],
  ['a trusted proxy without a word', '10.0.0.1', [], '10.0.0.1'],
  ['a trusted proxy names the client', '10.0.0.1', ['1.2.3.4'], '1.2.3.4'],
  ['what the client itself wrote stands left of it', '10.0.0.1', ['6.6.6.6, 1.2.3.4'], '1.2.3.4'],
  ['two trusted proxies, two lines', '10.0.0.1', ['6.6.6.6, 1.2.3.4', '10.9.9.9'], '1.2.3.4'],
  ['IPv6', 'fd00::1', ['2001:db8::7'], '2001:db8::7'],
  ['what is no address ends the walk', '10.0.0.1', ['1.2.3.4, evil'], '10.0.0.1'],
  ['nor is one with a port', '10.0.0.1', ['1.2.3.4:80'], '10.0.0.1'],
  ['emptiness', '10.0.0.1', [''], '10.0.0.1'],
])('B8 %s', (_, peer, values, expected) => {
  expect(address(peer, forwarded(...values))).toBe(expected)
})

test('B8 by default nobody is trusted', () => {
  expect(createClientAddress([])('10.0.0.1', forwarded('1.2.3.4'))).toBe('10.0.0.1')
})
