import { expect, test } from 'vitest'
import { nodeFiles } from '../../system/index.ts'
import { celLanguage } from '../claims/index.ts'
import { loadConfiguration } from '../config/index.ts'
import { type GatewayFacts, gatewayYaml } from './gateway-yaml.ts'

const facts: GatewayFacts = {
  issuer: 'https://sso.example.com/realms/demo',
  clientId: 'kubernetes',
  clusterName: 'demo',
  server: 'https://k8s.example.com',
  certificateAuthority: undefined,
  usernameClaim: 'sub',
  prefix: 'oidc:',
}

function loaded(some: Partial<GatewayFacts>) {
  const text = gatewayYaml({ ...facts, ...some })
  return loadConfiguration('gateway.yaml', { files: nodeFiles, language: celLanguage, text })
}

test('the gateway takes what is printed, and finds nothing in it unwise', () => {
  const { gateway, authentication, remarks } = loaded({})
  expect(remarks).toEqual([])
  expect(gateway.onboarding).toMatchObject({ server: facts.server, scopes: ['offline_access'] })
  expect(authentication.jwt[0]?.issuer).toMatchObject({ url: facts.issuer })
})

test('a name that may be given away is warned of, and nothing else', () => {
  const { remarks } = loaded({ usernameClaim: 'preferred_username', prefix: '' })
  expect(remarks.map(({ id }) => id)).toEqual(['renamable-username'])
})

test('an address that nobody has told is marked as one to fill in', () => {
  expect(gatewayYaml({ ...facts, server: undefined })).toContain(
    '  # Write here where people find the gateway.\n  server: https://gateway.example.com\n',
  )
  expect(gatewayYaml(facts)).not.toContain('Write here')
})
