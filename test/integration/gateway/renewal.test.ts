import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { request as startRequest } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createKeyAndRequest } from '../../../src/gateway/certificate/index.ts'
import { type Authority, createAuthority } from '../../world/certificates.ts'
import { eventually } from '../../world/gateway/eventually.ts'
import {
  type IssuingCluster,
  type StoredPair,
  startIssuingCluster,
} from '../../world/gateway/issuing-cluster.ts'
import {
  type GatewayWorld,
  gatewayWorld,
  type ServingGateway,
} from '../../world/gateway/program.ts'
import { type SigningChoices, signRequest } from '../../world/signer.ts'

const name = 'oidc-gateway:gateways:oidc-gateway'
const minuteMs = 60_000

interface RenewingWorld extends GatewayWorld {
  readonly cluster: IssuingCluster
  /** What the files of the gateway hold, as the kubelet would write them. */
  write(pair: StoredPair): void
  readonly first: StoredPair
}

/** A gateway whose client certificate has had two thirds of its life. */
async function renewingWorld(approval: string, more = ''): Promise<RenewingWorld> {
  const world = await gatewayWorld()
  const { certPem, keyPem } = await world.authority.issue({
    commonName: name,
    client: true,
    notAfter: new Date(Date.now() + 10 * minuteMs),
  })
  const first = { certificate: certPem, key: keyPem }
  const cluster = await startIssuingCluster(world.authority, first, onTestFinished)
  const write = ({ certificate, key }: StoredPair): void => {
    writeFileSync(join(world.folder, 'client.key'), key)
    writeFileSync(join(world.folder, 'client.crt'), certificate)
  }
  write(first)
  world.configure(
    more,
    `caFile: ca.crt, certFile: client.crt, keyFile: client.key, renewal: {secret: gateways/credential, approval: ${approval}}`,
  )
  const text = readFileSync(world.configFile, 'utf8').replace(world.api.url, cluster.url)
  writeFileSync(world.configFile, text)
  return { ...world, cluster, write, first }
}

test('the certificate is renewed while requests and a watch run', async () => {
  const { serve, cluster, write, first, authority, issuer } = await renewingWorld('external')
  const gateway = await serve()
  const token = await issuer.sign({ preferred_username: 'john' })
  const client = clientOf(gateway, authority, token)
  const watch = await client.watch()
  const [, request = ''] = await gateway.said(
    /"msg":"The renewal of the client certificate waits for an approval: kubectl certificate approve (oidc-gateway-[0-9a-f]+)"/,
  )
  expect(await metric(gateway, 'oidc_gateway_upstream_certificate_awaits_approval')).toBe(1)
  expect(await client.serial()).toBe(serialOf(first))
  await cluster.approve(request)
  await gateway.said(/"msg":"The client certificate was renewed and is in use\."/)
  const second = cluster.secret
  expect(serialOf(second)).not.toBe(serialOf(first))
  expect(await client.serial()).toBe(serialOf(second))
  const asked = cluster.requests.findLast(({ path }) => path === '/api')
  expect(asked).toMatchObject({ clientName: name, impersonates: 'john' })
  // The watch that was open goes on.
  const before = watch.lines()
  cluster.event()
  await eventually(async () => watch.lines() > before)
  expect(await metric(gateway, 'oidc_gateway_upstream_certificate_awaits_approval')).toBe(0)
  expect(
    await metric(gateway, 'oidc_gateway_upstream_certificate_renewals_total{status="success"}'),
  ).toBe(1)
  expect(await metric(gateway, 'oidc_gateway_upstream_credential_expiry_seconds')).toBeGreaterThan(
    30 * 60,
  )

  // The files of a pod lag behind their Secret, and hold the old certificate for a while.
  write({ ...first, certificate: `${first.certificate}\n` })
  await rereads(gateway, 1)
  expect(await client.serial()).toBe(serialOf(second))
  // Certificates count in seconds: one of the same second is no younger one.
  await sleep(1_000)
  // Then they hold what another replica has put there. What the API server refuses is not used.
  const elsewhere = await createAuthority('Elsewhere')
  write(await another(elsewhere))
  await gateway.said(/does not accept the client certificate that stands in the files now/)
  expect(await client.serial()).toBe(serialOf(second))
  const third = await another(authority)
  write(third)
  await eventually(async () => (await client.serial()) === serialOf(third))
  expect(gateway.stderr()).not.toMatch(/PRIVATE KEY|BEGIN CERT/)
})

test('with several workers one process renews for all of them', async () => {
  const { serve, cluster, authority, issuer } = await renewingWorld('self', 'workers: 2')
  const gateway = await serve()
  await gateway.said(/"msg":"The client certificate was renewed and is in use\."/)
  const client = clientOf(gateway, authority, await issuer.sign({ preferred_username: 'john' }))
  const renewed = serialOf(cluster.secret)
  // Connections are shared out, so ten reach both workers; each has heard of it in a moment.
  await eventually(async () => {
    const serials = await Promise.all(Array.from({ length: 10 }, () => client.serial()))
    return serials.every((serial) => serial === renewed)
  })
  expect(cluster.names()).toHaveLength(1)
  expect(
    await metric(gateway, 'oidc_gateway_upstream_certificate_renewals_total{status="success"}'),
  ).toBe(1)
})

test('a certificate in changed files that was not renewed here is tried first, too', async () => {
  const { serve, write, authority, issuer, first, cluster, configFile } =
    await renewingWorld('external')
  const text = readFileSync(configFile, 'utf8').replace(/, renewal: \{[^}]*\}/, '')
  writeFileSync(configFile, text)
  const gateway = await serve()
  const client = clientOf(gateway, authority, await issuer.sign({ preferred_username: 'john' }))
  write(await another(await createAuthority('Elsewhere')))
  await gateway.said(/does not accept the client certificate that stands in the files now/)
  expect(await client.serial()).toBe(serialOf(first))
  // An operator may go back to an older one: it is not this gateway that has renewed it.
  const older = await another(authority, { notBefore: new Date(Date.now() - 120 * minuteMs) })
  write(older)
  await eventually(async () => (await client.serial()) === serialOf(older))
  expect(cluster.names()).toEqual([])
})

async function another(authority: Authority, choices: SigningChoices = {}): Promise<StoredPair> {
  const { key, request } = createKeyAndRequest(name)
  return { certificate: await signRequest(authority, request, choices), key }
}

function serialOf({ certificate }: StoredPair): string {
  return new X509Certificate(certificate).serialNumber
}

async function rereads(gateway: ServingGateway, count: number): Promise<void> {
  await eventually(
    async () =>
      gateway.stderr().split('Certificates, keys and tokens were read again').length > count,
  )
}

async function metric(gateway: ServingGateway, series: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${gateway.operationsPort}/metrics`)
  const lines = (await response.text()).split('\n')
  return Number(lines.find((line) => line.startsWith(`${series} `))?.slice(series.length + 1))
}

/** John, behind the gateway. */
function clientOf(gateway: ServingGateway, authority: Authority, token: string) {
  const options = (path: string) => ({
    host: '127.0.0.1',
    port: gateway.port,
    path,
    ca: authority.certPem,
    agent: false as const,
    headers: { authorization: `Bearer ${token}` },
  })
  return {
    /** With which certificate the gateway has asked. */
    async serial(): Promise<string> {
      return await new Promise((resolve, reject) => {
        startRequest(options('/api'), (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk
          })
          response.on('end', () => resolve(String(Object(JSON.parse(text)).serial)))
        })
          .once('error', reject)
          .end()
      })
    },
    async watch(): Promise<{ lines(): number }> {
      return await new Promise((resolve, reject) => {
        const request = startRequest(options('/api/v1/pods?watch=1'), (response) => {
          let count = 0
          response.setEncoding('utf8').on('data', () => {
            count += 1
            resolve({ lines: () => count })
          })
          response.once('error', () => undefined)
        })
        request.once('error', reject).end()
        onTestFinished(() => void request.destroy())
      })
    },
  }
}
