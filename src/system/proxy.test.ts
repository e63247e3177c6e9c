import { expect, test } from 'vitest'
import { parseProxy, proxyFor } from './proxy.ts'

const secure = new URL('https://sso.example.com')
const plain = new URL('http://sso.example.com')

test('the lower-case variable wins, and an empty one counts as absent', () => {
  const env = { https_proxy: 'http://lower:1', HTTPS_PROXY: 'http://upper:2' }
  expect(proxyFor(secure, { env })?.origin).toBe('http://lower:1')
  expect(proxyFor(secure, { env: { ...env, https_proxy: '' } })?.origin).toBe('http://upper:2')
})

test('each scheme has its variable, and ALL_PROXY is not read, as in kubectl', () => {
  const env = { http_proxy: 'http://for-http:1', ALL_PROXY: 'http://for-all:2' }
  expect(proxyFor(plain, { env })?.origin).toBe('http://for-http:1')
  expect(proxyFor(secure, { env })).toBeUndefined()
})

test('a given URL beats the environment, and direct uses none', () => {
  const env = { https_proxy: 'http://env:1', no_proxy: '*' }
  expect(proxyFor(secure, { proxyUrl: 'https://given', env })?.origin).toBe('https://given:443')
  expect(proxyFor(secure, { proxyUrl: 'direct', env: { https_proxy: 'http://env:1' } })).toBe(
    undefined,
  )
})

test('a proxy without a scheme is http, an IPv6 address loses its brackets', () => {
  expect(parseProxy('proxy.corp:3128', 'It')).toMatchObject({
    protocol: 'http:',
    host: 'proxy.corp',
    port: '3128',
  })
  expect(parseProxy('http://[::1]', 'It')).toMatchObject({ host: '::1', port: '80' })
})

test('credentials are decoded and become HTTP Basic, and are not part of the origin', () => {
  const proxy = parseProxy('john%40corp:p%3Aw@proxy:1', 'It')
  expect(proxy.origin).toBe('http://proxy:1')
  expect(proxy.authorization).toBe(`Basic ${btoa('john@corp:p:w')}`)
})
