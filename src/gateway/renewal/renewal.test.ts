import { X509Certificate } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Authority, createAuthority } from '../../../test/world/certificates.ts'
import {
  type IssuingCluster,
  startIssuingCluster,
} from '../../../test/world/gateway/issuing-cluster.ts'
import { type SigningChoices, signRequest } from '../../../test/world/signer.ts'
import type { Clock } from '../../system/index.ts'
import { createKeyAndRequest } from '../certificate/index.ts'
import type { CertificateRenewal } from '../config/index.ts'
import type { GatewayLog } from '../operations/index.ts'
import type { UpstreamAccess, UpstreamCertificate } from '../upstream/index.ts'
import { keepRenewed, prove, renewalTimes } from './index.ts'
import { pauseAfter } from './times.ts'

const name = 'oidc-gateway:gateways:oidc-gateway'
const minuteMs = 60_000

/** A renewal against a cluster, with sleeps that end at once. */
interface Bench {
  readonly authority: Authority
  readonly cluster: IssuingCluster
  /** The certificate that is in use. */
  inUse(): UpstreamCertificate
  /** As files that have changed: another certificate is in use. */
  use(certificate: UpstreamCertificate): void
  settings: CertificateRenewal | undefined
  readonly adopted: readonly UpstreamCertificate[]
  readonly ended: readonly boolean[]
  isAwaiting(): boolean
  /** Level, message and facts of each line of the log. */
  readonly lines: readonly string[]
  /** Waits until the log has such a line. */
  said(pattern: RegExp): Promise<string>
  /** Waits until it has looked so many times more, and found nothing to do. */
  looked(count: number): Promise<void>
}

async function bench(
  approval: CertificateRenewal['approval'],
  { endsInMs = 10 * minuteMs, organizations = [] as string[] } = {},
): Promise<Bench> {
  const authority = await createAuthority()
  // It began an hour before now.
  const { certPem, keyPem } = await authority.issue({
    commonName: name,
    organizations,
    client: true,
    notAfter: new Date(Date.now() + endsInMs),
  })
  const first: UpstreamCertificate = { kind: 'certificate', certificate: certPem, key: keyPem }
  const cluster = await startIssuingCluster(authority, first, onTestFinished)
  const lines: string[] = []
  const adopted: UpstreamCertificate[] = []
  const ended: boolean[] = []
  let access: UpstreamAccess = {
    server: cluster.url,
    serverName: undefined,
    certificateAuthority: authority.certPem,
    credential: first,
  }
  const use = (credential: UpstreamCertificate): void => {
    access = { ...access, credential }
  }
  let isAwaiting = false
  let sleeps = 0
  const clock: Clock = {
    now: Date.now,
    elapsed: () => performance.now(),
    async sleep(_, signal) {
      sleeps += 1
      await new Promise((resolve) => setTimeout(resolve, 5))
      signal?.throwIfAborted()
    },
  }
  const line =
    (level: string): GatewayLog['info'] =>
    (message, facts = {}) =>
      void lines.push(`${level} ${message} ${JSON.stringify(facts)}`)
  const log: GatewayLog = { info: line('info'), warn: line('warn'), error: line('error') }
  const made: Bench = {
    authority,
    cluster,
    inUse: () => (access.credential.kind === 'certificate' ? access.credential : first),
    use,
    settings: {
      secret: { namespace: 'gateways', name: 'oidc-gateway-credential' },
      approval,
      validityMs: 60 * minuteMs,
    },
    adopted,
    ended,
    isAwaiting: () => isAwaiting,
    lines,
    said: async (pattern) => await until(() => lines.find((one) => pattern.test(one))),
    async looked(count) {
      const from = sleeps
      await until(() => (sleeps >= from + count ? true : undefined))
    },
  }
  const stop = new AbortController()
  const running = keepRenewed(
    {
      clock,
      log,
      settings: () => made.settings,
      access: () => access,
      adopt(certificate) {
        adopted.push(certificate)
        use(certificate)
      },
      observer: {
        ended: (isGood) => void ended.push(isGood),
        awaitsApproval: (isSo) => {
          isAwaiting = isSo
        },
      },
      spread: 0,
    },
    stop.signal,
  )
  onTestFinished(async () => {
    stop.abort()
    await running
  })
  return made
}

async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function serialOf({ certificate }: Pick<UpstreamCertificate, 'certificate'>): string {
  return new X509Certificate(certificate).serialNumber
}

/** A certificate for the gateway from somewhere else. */
async function another(
  authority: Authority,
  choices: SigningChoices = {},
): Promise<UpstreamCertificate> {
  const { key, request } = createKeyAndRequest(name)
  const certificate = await signRequest(authority, request, choices)
  return { kind: 'certificate', certificate, key }
}

describe('the way of a renewal', () => {
  test('a certificate is renewed when somebody has approved, saved, and only then used', async () => {
    const { cluster, inUse, said, ended, isAwaiting, adopted, lines, looked } =
      await bench('external')
    const before = serialOf(inUse())
    const awaited = await said(/kubectl certificate approve oidc-gateway-[0-9a-f]{10}/)
    const [request = ''] = cluster.names()
    expect(awaited).toMatch(/^warn /)
    expect(awaited).toContain(request)
    expect(isAwaiting()).toBe(true)
    await looked(5)
    expect(adopted).toEqual([])
    await cluster.approve(request)
    await said(/^info The client certificate was renewed and is in use/)
    expect(serialOf(inUse())).not.toBe(before)
    expect(cluster.secret).toMatchObject({
      certificate: inUse().certificate,
      key: inUse().key,
    })
    expect([ended, isAwaiting()]).toEqual([[true], false])
    await looked(5)
    expect(cluster.names()).toEqual([request])
    const proof = cluster.requests.find(({ path }) => path.endsWith('/selfsubjectreviews'))
    expect(proof?.serial).toBe(serialOf(inUse()))
    expect(lines.join('\n')).not.toContain('PRIVATE KEY')
    const created = cluster.requests.find(({ method }) => method === 'POST')
    expect(created).toMatchObject({
      serial: before,
      body: {
        spec: { signerName: 'kubernetes.io/kube-apiserver-client', expirationSeconds: 3600 },
      },
    })
    expect(cluster.requests.find(({ method }) => method === 'PATCH')?.path).toBe(
      '/api/v1/namespaces/gateways/secrets/oidc-gateway-credential?fieldManager=oidc-gateway-renewal&force=true',
    )
  })

  test('it approves by itself only where it is told to', async () => {
    const { cluster, said, lines, ended } = await bench('self')
    await said(/was renewed and is in use/)
    const approval = cluster.requests.find(({ path }) => path.endsWith('/approval'))
    expect(approval?.body).toMatchObject({
      kind: 'CertificateSigningRequest',
      status: { conditions: [{ type: 'Approved', status: 'True', reason: 'GatewayRenewal' }] },
    })
    expect(lines.join('\n')).not.toContain('kubectl certificate approve')
    expect(ended).toEqual([true])
  })

  test('where it may not approve by itself it waits for somebody who may', async () => {
    const { cluster, said } = await bench('self')
    cluster.forbidden.add('PUT ')
    await said(/^error The gateway may not approve its own request/)
    await said(/kubectl certificate approve/)
    await cluster.approve(cluster.names()[0] ?? '')
    await said(/was renewed and is in use/)
  })

  test('a certificate in its first two thirds is left alone', async () => {
    const { cluster, looked, ended } = await bench('self', { endsInMs: 125 * minuteMs })
    await looked(5)
    expect([cluster.requests, ended]).toEqual([[], []])
  })

  test('nothing is renewed where nobody asks for it, but its end is told', async () => {
    const made = await bench('self', { endsInMs: 200 * minuteMs })
    made.settings = undefined
    const { authority, use, said, cluster, looked, lines } = made
    use(await another(authority, { notAfter: new Date(Date.now() + 25_000) }))
    await said(/^warn The client certificate of the gateway ends soon/)
    use(await another(authority, { notAfter: new Date(Date.now() - 1000) }))
    await said(/^error The client certificate of the gateway has ended/)
    await looked(5)
    expect([cluster.requests, lines.length]).toEqual([[], 2])
  })
})

describe('several replicas', () => {
  test('what another replica has put into the Secret is tried and used, without a request', async () => {
    const { cluster, authority, said, inUse, looked } = await paused('self')
    cluster.secret = await another(authority)
    cluster.unavailable.clear()
    await said(/was renewed by another replica, and is in use/)
    expect(serialOf(inUse())).toBe(serialOf(cluster.secret))
    await looked(5)
    expect(cluster.names()).toEqual([])
  })

  test.each<[string, (authority: Authority) => Promise<{ certificate: string; key: string }>]>([
    [
      'one that the API server does not accept',
      async () => await another(await createAuthority('Elsewhere')),
    ],
    [
      'one with the key of another',
      async (authority) => ({
        ...(await another(authority)),
        key: (await another(authority)).key,
      }),
    ],
    [
      'one for another name',
      async (authority) => await another(authority, { subject: 'CN=kubernetes-admin' }),
    ],
    [
      'one that has ended',
      async (authority) => await another(authority, { notAfter: new Date(Date.now() - 1000) }),
    ],
    ['no certificate', async () => ({ certificate: 'odd', key: 'odd' })],
  ])('in the Secret %s is replaced by a good one', async (_, make) => {
    const { cluster, authority, said, adopted } = await paused('self')
    const bad = await make(authority)
    cluster.secret = bad
    cluster.unavailable.clear()
    await said(/was renewed and is in use/)
    expect(adopted.map(({ certificate }) => certificate)).not.toContain(bad.certificate)
    expect(cluster.secret.certificate).toBe(adopted[0]?.certificate)
  })

  test('it waits no longer when another replica has put one into the Secret', async () => {
    const { said, authority, cluster, inUse, looked } = await bench('external')
    await said(/kubectl certificate approve/)
    cluster.secret = await another(authority)
    await said(/was renewed by another replica, and is in use/)
    expect(serialOf(inUse())).toBe(serialOf(cluster.secret))
    await looked(5)
    expect(cluster.names()).toHaveLength(1)
  })

  test('it goes on waiting when what somebody has put into the Secret is not accepted', async () => {
    const { said, cluster, looked, adopted } = await bench('external')
    await said(/kubectl certificate approve/)
    cluster.secret = await another(await createAuthority('Elsewhere'))
    await said(/holds a client certificate that the API server does not accept/)
    await looked(20)
    // The one that it waited for, and the one that it has asked for since.
    const names = cluster.names()
    expect([names.length, adopted]).toEqual([2, []])
    await cluster.approve(names[1] ?? '')
    await said(/was renewed and is in use/)
  })

  test('it waits no longer when the files hold another certificate', async () => {
    const { said, use, authority, cluster, isAwaiting, adopted, looked } = await bench('external')
    await said(/kubectl certificate approve/)
    use(await another(authority))
    await said(/needs no renewal by this replica any more/)
    expect(isAwaiting()).toBe(false)
    await looked(5)
    expect([adopted, cluster.names().length]).toEqual([[], 1])
  })

  test('it begins anew when it is configured differently while it waits', async () => {
    const made = await bench('external')
    await made.said(/kubectl certificate approve/)
    if (made.settings) made.settings = { ...made.settings, approval: 'self' }
    await made.said(/was renewed and is in use/)
  })
})

describe('what must not happen', () => {
  test.each<[string, SigningChoices, RegExp]>([
    ['another name', { subject: 'CN=kubernetes-admin' }, /names somebody else/],
    ['an organization', { subject: `O=system:masters, CN=${name}` }, /organization/],
    ['an authority', { isAuthority: true }, /authority/],
  ])('a certificate with %s is kept out', async (_, choices, why) => {
    const { cluster, authority, inUse, said, ended } = await bench('self')
    const before = inUse()
    cluster.signer = async (request) => await signRequest(authority, request, choices)
    const line = await said(/^error The renewal of the client certificate has failed/)
    expect(line).toMatch(why)
    expect(line).toContain('who may write the status of certificatesigningrequests')
    expect(inUse()).toEqual(before)
    expect(cluster.secret.certificate).toBe(before.certificate)
    expect(ended).toContain(false)
    cluster.signer = async (request) => await signRequest(authority, request)
    await said(/was renewed and is in use/)
  })

  test('a certificate for the key of another is kept out', async () => {
    const { cluster, authority, inUse, said } = await bench('self')
    const before = inUse()
    cluster.signer = async () => (await another(authority)).certificate
    expect(await said(/^error /)).toContain('The certificate is for another key.')
    expect([inUse(), cluster.secret.certificate]).toEqual([before, before.certificate])
  })

  test('a certificate that the API server does not accept is kept out', async () => {
    const { cluster, inUse, said } = await bench('self')
    const before = inUse()
    cluster.signer = async (request) => await signRequest(await createAuthority(), request)
    const line = await said(/^error /)
    expect(line).toContain('does not accept the new client certificate')
    expect(line).toContain('--client-ca-file')
    expect([inUse(), cluster.secret.certificate]).toEqual([before, before.certificate])
  })

  test('an approval is not lost when the API server gives no answer just then', async () => {
    const { cluster, said, looked, adopted } = await bench('external')
    await said(/kubectl certificate approve/)
    cluster.unavailable.add('POST /apis/authentication')
    await cluster.approve(cluster.names()[0] ?? '')
    await looked(10)
    expect(adopted).toEqual([])
    cluster.unavailable.clear()
    await said(/was renewed and is in use/)
    expect(cluster.names()).toHaveLength(1)
  })

  test('a certificate that cannot be saved is used all the same, and saved later', async () => {
    const { cluster, said, inUse, looked, lines } = await bench('self')
    const before = inUse()
    cluster.forbidden.add('PATCH ')
    const line = await said(/^error /)
    expect(line).toContain('is in use, but could not be saved')
    expect(line).toContain('a restart would lose it')
    expect(line).toContain(cluster.secret.certificate === before.certificate ? 'patch' : 'nothing')
    expect(inUse()).not.toEqual(before)
    await looked(5)
    cluster.forbidden.clear()
    await said(/is in its Secret now/)
    expect(cluster.secret.certificate).toBe(inUse().certificate)
    expect(cluster.names()).toHaveLength(1)
    expect(lines.filter((one) => one.includes('was renewed and is in use'))).toEqual([])
  })

  test.each([
    ['GET /api/v1', 'may not read the Secret gateways/oidc-gateway-credential'],
    ['POST /apis/certificates.k8s.io', 'may not create certificatesigningrequests'],
    ['GET /apis/certificates.k8s.io', 'may not get certificatesigningrequests'],
  ])('a right that is missing is named: %s', async (forbidden, words) => {
    const { cluster, said, ended } = await paused('self')
    cluster.forbidden.add(forbidden)
    cluster.unavailable.clear()
    const line = await said(/^error .*may not/)
    expect(line).toContain(words)
    expect(line).toContain('oidc-gateway doctor prints the rule')
    cluster.forbidden.clear()
    await said(/was renewed and is in use/)
    expect(ended).toContain(false)
  })

  test('a request that is denied is told, and another one follows', async () => {
    const { cluster, said } = await bench('external')
    await said(/kubectl certificate approve/)
    cluster.deny(cluster.names()[0] ?? '')
    expect(await said(/^error /)).toContain('was denied: NotToday')
    await until(() => cluster.names()[1])
    await cluster.approve(cluster.names()[1] ?? '')
    await said(/was renewed and is in use/)
  })

  test('a request that nobody has approved within a day is followed by another one', async () => {
    const { cluster, said } = await bench('external')
    await said(/kubectl certificate approve/)
    cluster.forget(cluster.names()[0] ?? '')
    expect(await said(/^error /)).toContain('is gone')
    await until(() => cluster.names()[0])
    await cluster.approve(cluster.names()[0] ?? '')
    await said(/was renewed and is in use/)
  })

  test('a certificate with groups is not asked for', async () => {
    const { cluster, said } = await bench('self', { organizations: ['admins'] })
    expect(await said(/^error /)).toContain('without organizations')
    expect(cluster.names()).toEqual([])
  })
})

describe('a proof', () => {
  const proofOf = async (
    answer: (cluster: IssuingCluster) => void,
  ): Promise<Awaited<ReturnType<typeof prove>>> => {
    const { cluster, authority, inUse } = await bench('self', { endsInMs: 200 * minuteMs })
    answer(cluster)
    return await prove(
      {
        server: cluster.url,
        serverName: undefined,
        certificateAuthority: authority.certPem,
        credential: inUse(),
      },
      AbortSignal.timeout(10_000),
    )
  }

  test('tells whom the API server sees', async () => {
    expect(await proofOf(() => undefined)).toEqual({ kind: 'accepted', username: name })
  })

  test('needs no right to ask', async () => {
    const proof = await proofOf((cluster) => cluster.forbidden.add('POST '))
    expect(proof).toEqual({ kind: 'accepted', username: undefined })
  })

  test('is none without an answer', async () => {
    const proof = await proofOf((cluster) => cluster.unavailable.add('POST '))
    expect(proof).toMatchObject({ kind: 'unknown' })
  })
})

describe('times', () => {
  const life = { notBefore: 0, notAfter: 300 }

  test('two thirds of a life, and at most a tenth later; a tenth before the end', () => {
    expect(renewalTimes(life)).toEqual({ dueAt: 200, nearEndAt: 270 })
    expect(renewalTimes(life, 1).dueAt).toBeCloseTo(230)
  })

  test('pauses grow to an hour, and never use up what is left', () => {
    const dayMs = 24 * 60 * minuteMs
    expect([1, 2, 3, 20].map((failures) => pauseAfter(failures, dayMs))).toEqual([
      10_000, 20_000, 40_000, 3_600_000,
    ])
    expect(pauseAfter(20, 10 * minuteMs)).toBe(minuteMs)
    expect(pauseAfter(20, -1)).toBe(5_000)
  })
})

/** A bench whose Secret cannot be read until the test lets it. */
async function paused(approval: CertificateRenewal['approval']): Promise<Bench> {
  const made = await bench(approval, { endsInMs: 200 * minuteMs })
  made.cluster.unavailable.add('GET /api/v1')
  const { certPem, keyPem } = await made.authority.issue({
    commonName: name,
    client: true,
    notAfter: new Date(Date.now() + 10 * minuteMs),
  })
  made.use({ kind: 'certificate', certificate: certPem, key: keyPem })
  await made.said(/^error .*answers with 503/)
  return made
}
