import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { temporaryFolder } from '../../world/folder.ts'
import { startGatewayProgram } from '../../world/gateway/program.ts'

const authentication = `apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
# our provider
- issuer: {url: https://sso.example.com, audiences: [kubernetes]}
  claimMappings:
    username: {claim: sub, prefix: 'oidc:'}
`

async function manifests(files: Readonly<Record<string, string>>, ...more: string[]) {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const args = Object.keys(files).map((name) => `--${name}=${join(folder, name)}`)
  const run = startGatewayProgram(['manifests', ...args, ...more])
  const { exitCode } = await run.ended
  return { exitCode, stdout: run.stdout(), stderr: run.stderr() }
}

function gatewayConfiguration(fields: string): string {
  return `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
authentication: authentication-config
listen: {certFile: tls.crt, keyFile: tls.key}
${fields}
`
}

const image = '--image=registry.example.com/oidc-gateway:1'

test('manifests prints an installation from nothing but an AuthenticationConfiguration', async () => {
  const run = await manifests({ 'authentication-config': authentication }, image)
  expect(run.exitCode, run.stderr).toBe(0)
  const objects = parseAllDocuments(run.stdout).map((document) => document.toJSON())
  expect(objects.map(({ kind }) => kind)).toContain('Deployment')
  const { data } = objects.find(({ kind }) => kind === 'ConfigMap')
  expect(data['gateway.yaml']).toMatch(/# our provider\n/)
  expect(data['gateway.yaml']).toMatch(/tokenFile: \/etc\/oidc-gateway\/kubernetes\/token\n/)
  expect(run.stdout).toMatch(/^# Constrained impersonation needs Kubernetes 1\.36 or newer/)
})

test('manifests takes both files of an operator, and his choices', async () => {
  const files = {
    config: gatewayConfiguration('impersonation: {nested: review}'),
    'authentication-config': authentication,
  }
  const run = await manifests(
    files,
    image,
    '--namespace=sso',
    '--impersonation=classic',
    '--credential=certificate',
    '--renewal=external',
    '--replicas=3',
    '--max-replicas=3',
    '--service-type=ClusterIP',
  )
  expect(run.exitCode, run.stderr).toBe(0)
  expect(run.stdout).toContain('the Secrets oidc-gateway-tls and oidc-gateway-credential')
  expect(run.stdout).toContain('replicas: 3\n')
  expect(run.stdout).toContain('- userextras/oidc-gateway/original-user\n')
  expect(run.stdout).toContain('- impersonate\n')
  expect(run.stdout).not.toContain('certificatesigningrequests')
  expect(run.stdout).not.toContain('authentication: ')
})

test('manifests refuses what cannot be in a pod, all at once', async () => {
  const config = gatewayConfiguration(`operations: {host: 127.0.0.1}
audit: {sink: file, file: /var/log/audit.log}`)
  const run = await manifests({ config, 'authentication-config': authentication }, image)
  expect(run.exitCode).toBe(2)
  expect(run.stdout).toBe('')
  expect(run.stderr).toContain('operations.host: at 127.0.0.1 nobody can reach a pod.')
  expect(run.stderr).toContain('audit.sink: the pod has no folder to write to.')
})

test('manifests says what it lacks', async () => {
  const files = { 'authentication-config': authentication }
  const without = await manifests({})
  expect(without).toMatchObject({ exitCode: 2, stdout: '' })
  expect(without.stderr).toMatch(/--image is missing.*\n.*Containerfile/)
  const unnamed = await manifests(files, image, '--namespace=Not_A_Name')
  expect(unnamed.stderr).toContain('The option --namespace is no name in Kubernetes.')
  const countless = await manifests(files, image, '--replicas=0')
  expect(countless.stderr).toContain('The option --replicas is not a number.')
})
