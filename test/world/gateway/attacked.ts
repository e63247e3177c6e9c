import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { createAuthority } from '../certificates.ts'
import {
  newSigningKey,
  type SigningKey,
  signToken,
  startTokenIssuer,
  type TokenIssuer,
} from '../token-issuer.ts'
import type { AtEnd } from './at-end.ts'
import { authenticationYaml } from './authentication-yaml.ts'
import { gatewayCredential, type ServingGateway, startGatewayProgram } from './program.ts'
import { connectRaw, type RawClient, type RawResponse } from './raw-client.ts'
import { type ArrivedRequest, type Recorder, startRecorder } from './recorder.ts'
import { withLines } from './requests.ts'

/** What a token holds that a test does not change. */
type Claims = Readonly<Record<string, unknown>>

/** The built program, as its attackers see it: in front of a recorder, trusting an issuer of the test's. */
export interface Attacked {
  readonly port: number
  readonly certificateAuthority: string
  readonly issuer: TokenIssuer
  readonly key: SigningKey
  readonly recorder: Recorder
  readonly program: ServingGateway
  /** The configuration; a test may write it anew. */
  configure(more: string): void
  /** A good token of John's, but for what is changed. */
  token(claims?: Claims, header?: Claims | string, key?: SigningKey): string
  /** The head of a request of John's. */
  asJohn(start: string, ...lines: readonly string[]): string
  connect(): Promise<RawClient>
  /** Sends bytes on a connection of their own. @returns undefined when it is closed without an answer */
  send(bytes: string | Buffer): Promise<RawResponse | undefined>
  /** Asserts that bytes are refused, and that nothing of them reaches the API server. */
  expectRefused(bytes: string | Buffer, status?: number): Promise<RawResponse | undefined>
  /** Asserts that bytes become one request that is John's and nothing else. */
  expectJohns(bytes: string | Buffer): Promise<ArrivedRequest>
}

/**
 * Runs the program once for all tests of a file.
 *
 * @param more fields of the GatewayConfiguration, as YAML
 * @param listen fields of `listen`, each with a comma before it
 * @param prepare called before the program starts
 */
export function attackedGateway(
  more = '',
  listen = '',
  prepare: (issuer: TokenIssuer) => void = () => {},
): () => Attacked {
  const ends: (() => void | Promise<void>)[] = []
  let attacked: Attacked | undefined
  beforeAll(async () => {
    attacked = await start({ more, listen, prepare }, (stop) => void ends.push(stop))
  })
  afterAll(async () => {
    for (const stop of ends.reverse()) await stop()
  })
  return () => {
    if (!attacked) throw new Error('the gateway runs only within tests')
    return attacked
  }
}

interface Setup {
  readonly more: string
  readonly listen: string
  readonly prepare: (issuer: TokenIssuer) => void
}

async function start({ more: first, listen, prepare }: Setup, atEnd: AtEnd): Promise<Attacked> {
  const folder = mkdtempSync(join(tmpdir(), 'oidc-attack-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  const authority = await createAuthority()
  const issuer = await startTokenIssuer(authority)
  atEnd(issuer.stop)
  const recorder = await startRecorder(authority, undefined, atEnd)
  const key = newSigningKey('ES256', 'first')
  issuer.publish(key.jwk)
  prepare(issuer)
  const { certPem, keyPem } = await authority.issue({ commonName: 'gateway' })
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  write('ca.crt', authority.certPem)
  write('tls.crt', certPem)
  write('tls.key', keyPem)
  write('token', gatewayCredential)
  const configure = (more: string): void =>
    write(
      'gateway.yaml',
      configuration(issuer.url, recorder.url, authority.certPem, { more, listen }),
    )
  configure(first)
  const args = ['serve', `--config=${join(folder, 'gateway.yaml')}`]
  const run = startGatewayProgram(args, {}, atEnd)
  const [line] = await run.said(/^\{.*The gateway listens\..*$/m)
  const { port, operationsPort } = JSON.parse(line)
  const target = { port, certificateAuthority: authority.certPem }

  function token(claims: Claims = {}, header: Claims | string = {}, by = key): string {
    const now = Math.floor(Date.now() / 1000)
    const john = { preferred_username: 'john', groups: ['developers'], email_verified: true }
    const usual = { iss: issuer.url, aud: 'kubernetes', sub: 'subject', iat: now, exp: now + 600 }
    return signToken(by, { ...usual, ...john, ...claims }, header)
  }

  function asJohn(start: string, ...lines: readonly string[]): string {
    return withLines(
      start,
      'Host: gateway.example.com',
      `Authorization: Bearer ${token()}`,
      ...lines,
    )
  }

  async function send(bytes: string | Buffer): Promise<RawResponse | undefined> {
    const client = await connectRaw(target)
    client.write(bytes)
    try {
      return await client.response(/^HEAD /.test(bytes.toString('latin1')))
    } catch {
      return undefined
    } finally {
      client.destroy()
    }
  }

  /** What reached the API server; whatever was under way has arrived before the fence. */
  async function arrivals(before: number): Promise<readonly ArrivedRequest[]> {
    const fence = `/fence-${before}`
    expect((await send(asJohn(`GET ${fence}`)))?.status).toBe(200)
    const fresh = recorder.requests.slice(before)
    return fresh.filter(
      ({ target: arrived }) => arrived !== fence && !arrived.startsWith('/version'),
    )
  }

  return {
    ...target,
    issuer,
    key,
    recorder,
    program: { ...run, port, operationsPort },
    configure,
    token,
    asJohn,
    send,
    connect: async () => await connectRaw(target),
    async expectRefused(bytes, status) {
      const before = recorder.requests.length
      const answer = await send(bytes)
      if (status !== undefined) expect(answer?.status).toBe(status)
      expect(answer?.status ?? 400).toBeGreaterThanOrEqual(400)
      const arrived = (await arrivals(before)).filter((request) => !isOwn(request))
      expect(arrived.map(({ head }) => head)).toEqual([])
      return answer
    },
    async expectJohns(bytes) {
      const before = recorder.requests.length
      expect((await send(bytes))?.status).toBe(200)
      const arrived = (await arrivals(before)).filter((request) => !isOwn(request))
      expect(arrived).toHaveLength(1)
      const [request] = arrived
      if (!request) throw new Error('nothing has arrived')
      expectJohns(request, recorder)
      return request
    },
  }
}

/** The gateway asks now and then whether it may impersonate. */
function isOwn(request: ArrivedRequest): boolean {
  return request.values('user-agent').includes('oidc-gateway')
}

/** Asserts that a request is John's, by our credential, and says nothing else of anybody. */
export function expectJohns(request: ArrivedRequest, recorder: Recorder): void {
  const claims = request.headers.filter(([name]) =>
    /^(?:impersonate|x.remote|x.forwarded|forwarded|x.real|cookie|proxy|authorization|via)/i.test(
      name,
    ),
  )
  expect(claims.map(([name, value]) => `${name}: ${value}`).sort()).toEqual([
    `Authorization: Bearer ${gatewayCredential}`,
    'Impersonate-Group: developers',
    'Impersonate-User: john',
    'X-Forwarded-For: 127.0.0.1',
  ])
  expect(request.values('host')).toEqual([new URL(recorder.url).host])
  expect(request.values('audit-id')).toHaveLength(1)
}

function configuration(
  issuer: string,
  server: string,
  authority: string,
  { more, listen }: { readonly more: string; readonly listen: string },
): string {
  return `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {host: 127.0.0.1, port: 0, certFile: tls.crt, keyFile: tls.key${listen}}
upstream: {server: "${server}", caFile: ca.crt, tokenFile: token}
operations: {host: 127.0.0.1, port: 0, drainDelay: 0s, drainTimeout: 5s}
${more.includes('limits:') ? '' : 'limits: {maxFailuresPerSecond: 100000}'}
${more}
---
${authenticationYaml({ issuer, certPem: authority })}`
}
