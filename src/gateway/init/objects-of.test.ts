import { expect, test } from 'vitest'
import { celLanguage } from '../claims/index.ts'
import { nameOf } from '../cluster/index.ts'
import { decodeFile } from '../config/index.ts'
import { installationObjects } from '../manifests/index.ts'
import { possibleObjects } from './objects-of.ts'

test('whatever can be installed is taken away again, and what grants rights comes first', () => {
  const text = `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {certFile: tls.crt, keyFile: tls.key}
upstream:
  {certFile: c, keyFile: k, renewal: {secret: gateways/oidc-gateway-credential, approval: self}}
---
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer: {url: 'https://sso.example.com', audiences: [kubernetes]}
  claimMappings: {username: {claim: sub, prefix: 'oidc:'}}
`
  const context = { language: celLanguage, readText: () => undefined }
  const { gateway, authentication } = decodeFile('gateway.yaml', text, context)
  if (!gateway || !authentication) throw new Error('The configuration of the test is not whole.')
  const installed = installationObjects({
    namespace: 'gateways',
    image: 'oidc-gateway',
    replicas: 1,
    maxReplicas: 2,
    credential: { kind: 'certificate', isRenewed: true },
    mode: 'constrained',
    configuration: { gateway, authentication, text },
    tlsSecretName: 'oidc-gateway-tls',
    serviceType: 'ClusterIP',
    monitoringNamespace: 'monitoring',
    wantsServiceMonitor: true,
  })
  const removed = possibleObjects('gateways').map(nameOf)
  const missing = installed.map(nameOf).filter((name) => !removed.includes(name))
  expect(missing).toEqual(['Namespace gateways'])
  const grants = removed.findLastIndex((name) => /Role|ServiceAccount/.test(name))
  const others = removed.findIndex((name) => !/Role|ServiceAccount/.test(name))
  expect(grants).toBeLessThan(others)
})
