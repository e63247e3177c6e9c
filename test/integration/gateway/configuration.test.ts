import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { OidcLoginError } from '../../../src/errors.ts'
import { celLanguage } from '../../../src/gateway/claims/index.ts'
import { loadConfiguration } from '../../../src/gateway/config/index.ts'
import { nodeFiles } from '../../../src/system/index.ts'
import { temporaryFolder } from '../../world/folder.ts'

test('a file with faults is refused with all of them, each in its place', () => {
  const file = join(temporaryFolder(), 'gateway.yaml')
  writeFileSync(
    file,
    `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {certFile: tls.crt, keyFile: tls.key, prot: 443}
---
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer: {url: "http://sso.example.com", audiences: [kubernetes]}
  claimMappings:
    username: {expression: "'oidc:' + claims.sub + nobody"}
`,
  )
  let error: unknown
  try {
    loadConfiguration(file, { files: nodeFiles, language: celLanguage })
  } catch (thrown) {
    error = thrown
  }
  if (!(error instanceof OidcLoginError)) throw new Error('nothing was refused')
  expect(error.code).toBe('configuration_invalid')
  expect(error.exitCode).toBe(2)
  expect(error.message.replaceAll(file, 'gateway.yaml')).toBe(
    `The configuration is refused for 3 reasons.
  gateway.yaml:3: listen: There is no field "prot". Did you mean "port"?
  gateway.yaml:8: jwt[0].issuer.url: The URL must begin with https://, and this one is "http://sso.example.com".
  gateway.yaml:10: jwt[0].claimMappings.username.expression: The CEL expression does not compile: Unknown variable: nobody

>    1 | 'oidc:' + claims.sub + nobody
                                ^`,
  )
})
