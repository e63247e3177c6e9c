import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { adaptFile, adaptText } from './adapt.ts'

const place = { root: '/tmp/pod', address: '127.9.9.1', server: 'https://127.0.0.1:26443' }

test('a file name of a pod is one below its root', () => {
  const arg = '--config=/etc/oidc-gateway/config/gateway.yaml'
  expect(adaptText(arg, place)).toBe('--config=/tmp/pod/etc/oidc-gateway/config/gateway.yaml')
})

test('a gateway listens at the address of its pod, and finds the API server', () => {
  const text = `kind: GatewayConfiguration
listen: {certFile: /etc/oidc-gateway/tls/tls.crt, port: 8443}
upstream: {server: https://kubernetes.default.svc}
---
kind: AuthenticationConfiguration
`
  const adapted = parseAllDocuments(adaptFile(text, place)).map((each) => each.toJS())
  expect(adapted).toEqual([
    {
      kind: 'GatewayConfiguration',
      listen: { certFile: '/tmp/pod/etc/oidc-gateway/tls/tls.crt', port: 8443, host: '127.9.9.1' },
      upstream: { server: 'https://127.0.0.1:26443' },
      operations: { host: '127.9.9.1' },
    },
    { kind: 'AuthenticationConfiguration' },
  ])
})

test('another file stays as it is', () => {
  expect(adaptFile('-----BEGIN CERTIFICATE-----\n', place)).toBe('-----BEGIN CERTIFICATE-----\n')
})
