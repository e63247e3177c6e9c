import { expect, test } from 'vitest'
import { installedText } from './installed-text.ts'

const token = { namespace: 'oidc-gateway', credential: { kind: 'token' } } as const
const certificate = {
  namespace: 'gateways',
  credential: { kind: 'certificate', isRenewed: true },
} as const

const authentication = `# whom we trust
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt: []
`

test('comments and order stay; what reaches the API server is added', () => {
  const text = `# ours
apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen:
  # as mounted
  certFile: /etc/oidc-gateway/tls/tls.crt # the certificate
  keyFile: /etc/oidc-gateway/tls/tls.key
audit: {includeQuery: "no"}
---
${authentication}`
  expect(installedText({ text }, token)).toBe(`# ours
apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen:
  # as mounted
  certFile: /etc/oidc-gateway/tls/tls.crt # the certificate
  keyFile: /etc/oidc-gateway/tls/tls.key
audit: {includeQuery: "no"}
upstream:
  server: https://kubernetes.default.svc
  caFile: /etc/oidc-gateway/kubernetes/ca.crt
  tokenFile: /etc/oidc-gateway/kubernetes/token
---
${authentication}`)
})

test('files of a workstation become those of the pod, and a server that is named stays', () => {
  const text = `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
authentication: authentication.yaml
listen: {certFile: tls.crt, keyFile: tls.key}
upstream:
  server: https://10.0.0.1:6443 # not by its Service
  caFile: ca.crt
  tokenFile: token
onboarding: {clusterName: demo, certificateAuthorityFile: ca.pem}
impersonation:
  reservedUsers:
    - root
`
  const source = { text, authenticationText: authentication, onboardingAuthority: 'PEM\n' }
  expect(installedText(source, certificate)).toBe(`apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {certFile: /etc/oidc-gateway/tls/tls.crt, keyFile: /etc/oidc-gateway/tls/tls.key}
upstream:
  server: https://10.0.0.1:6443 # not by its Service
  caFile: /etc/oidc-gateway/kubernetes/ca.crt
  certFile: /etc/oidc-gateway/kubernetes/tls.crt
  keyFile: /etc/oidc-gateway/kubernetes/tls.key
  renewal:
    secret: gateways/oidc-gateway-credential
onboarding: {clusterName: demo, certificateAuthority: "PEM\\n"}
impersonation:
  reservedUsers:
    - root
    - oidc-gateway:gateways:oidc-gateway
---
${authentication}`)
})

test('a context of a kubeconfig becomes the cluster itself', () => {
  const text = `kind: GatewayConfiguration
upstream: {kubeconfig: config, context: admin}
`
  expect(installedText({ text }, token)).toContain('server: https://kubernetes.default.svc,')
  expect(installedText({ text }, token)).not.toContain('kubeconfig:')
})

test('a person cannot have the name of a gateway with a certificate', () => {
  const text = 'kind: GatewayConfiguration\n'
  expect(installedText({ text }, certificate)).toContain(`impersonation:
  reservedUsers:
    - oidc-gateway:gateways:oidc-gateway
`)
  expect(installedText({ text }, token)).not.toContain('reservedUsers')
})

test('a renewal stays as its author wants it, with the Secret that is mounted, and only where there is one', () => {
  const text = `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
upstream: {certFile: c, keyFile: k, renewal: {secret: a/b, approval: self, validity: 24h}}
`
  expect(installedText({ text }, certificate)).toContain(
    'renewal: {secret: gateways/oidc-gateway-credential, approval: self, validity: 24h}',
  )
  expect(installedText({ text }, token)).not.toContain('renewal')
  const external = {
    ...certificate,
    credential: { kind: 'certificate', isRenewed: false },
  } as const
  expect(installedText({ text }, external)).not.toContain('renewal')
})
