import { celLanguage } from '../../src/gateway/claims/index.ts'
import { decodeFile } from '../../src/gateway/config/index.ts'
import type { Installation } from '../../src/gateway/manifests/index.ts'

/** What of a configuration decides about objects beside its ConfigMap. */
export interface SampleFields {
  /** More fields of the GatewayConfiguration, as YAML. */
  readonly gateway?: string
  /** More fields of `claimMappings`, as YAML in one line. */
  readonly mappings?: string
}

/** An installation of a small configuration. */
export function sampleInstallation(
  more: Partial<Installation> = {},
  { gateway: fields = '', mappings = '' }: SampleFields = {},
): Installation {
  const text = `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {certFile: /etc/oidc-gateway/tls/tls.crt, keyFile: /etc/oidc-gateway/tls/tls.key}
${fields}
---
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer: {url: 'https://sso.example.com', audiences: [kubernetes]}
  claimMappings: {username: {claim: sub, prefix: 'oidc:'}, ${mappings}}
`
  const context = { language: celLanguage, readText: () => undefined }
  const { gateway, authentication, problems } = decodeFile('sample', text, context)
  if (!gateway || !authentication || problems.length > 0) throw new Error(JSON.stringify(problems))
  return {
    namespace: 'oidc-gateway',
    image: 'oidc-gateway',
    replicas: 2,
    maxReplicas: 6,
    credential: { kind: 'token' },
    mode: 'constrained',
    configuration: { text, gateway, authentication },
    tlsSecretName: 'oidc-gateway-tls',
    serviceType: 'LoadBalancer',
    monitoringNamespace: 'monitoring',
    wantsServiceMonitor: false,
    ...more,
  }
}
