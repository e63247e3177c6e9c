import { expect, onTestFinished } from 'vitest'
import type { Limits, StreamSettings } from '../../../src/gateway/config/index.ts'
import type { Identity } from '../../../src/gateway/identity/index.ts'
import { type Decision, decide, type Judge } from '../../../src/gateway/impersonation/index.ts'
import {
  createProxy,
  type Exchange,
  type GatewayProxy,
  type ProxyOptions,
} from '../../../src/gateway/proxy/index.ts'
import {
  type AdmissionRules,
  type AdmittedRequest,
  createAdmission,
  refuse,
} from '../../../src/gateway/request/index.ts'
import { identity, policy, rules } from '../../../src/gateway/testing/samples.ts'
import {
  createUpstream,
  type Upstream,
  type UpstreamAccess,
} from '../../../src/gateway/upstream/index.ts'
import { type Clock, systemClock } from '../../../src/system/index.ts'
import { type Authority, createAuthority } from '../certificates.ts'
import {
  connectRaw,
  type RawClient,
  type RawResponse,
  type RawTarget,
  rawRequest,
} from './raw-client.ts'
import { type Recorder, type Script, startRecorder } from './recorder.ts'
import { asJohn } from './requests.ts'
import { gatewayToken, tokens } from './tokens.ts'

/** What a test wants to be different. */
export interface GatewayOptions {
  /** What the API server's side answers. */
  readonly script?: Script
  readonly judge?: Judge
  readonly rules?: Partial<AdmissionRules>
  readonly limits?: Partial<Limits>
  readonly streams?: Partial<StreamSettings>
  readonly credential?: UpstreamAccess['credential']
  readonly clock?: Clock
  readonly trustedProxies?: readonly string[]
  /** When the tokens of `tokens` expire, in milliseconds since the epoch. */
  readonly expiresAt?: number
}

/** A gateway in front of a recorder, with sockets in between. */
export interface TestGateway extends RawTarget {
  readonly recorder: Recorder
  readonly authority: Authority
  readonly proxy: GatewayProxy
  readonly upstream: Upstream
  /** Every exchange that was started, in that order. */
  readonly exchanges: readonly Exchange[]
  /** Waits until so many exchanges have ended. */
  ended(count: number): Promise<Exchange>
  /** Opens a connection. */
  connect(): Promise<RawClient>
  /** Sends bytes on a connection of their own and waits for the answer. */
  send(bytes: string | Buffer): Promise<RawResponse>
  /**
   * Asserts that nothing has reached the API server but so many requests: one more request goes all
   * the way first, so that whatever was under way has arrived.
   */
  expectArrived(count: number): Promise<void>
  /** Sends a request all the way, whatever script is played. */
  expectFence(): Promise<void>
}

const defaultLimits: Limits = {
  maxConnections: 1000,
  maxConnectionsPerAddress: 1000,
  maxHeaderBytes: 128 * 1024,
  maxHeaderCount: 500,
  handshakeTimeoutMs: 10_000,
  headersTimeoutMs: 32_000,
  keepAliveTimeoutMs: 90_000,
  answerTimeoutMs: 75_000,
  maxUpstreamConnections: 100,
  maxFailuresPerSecond: 0,
}

/** Starts a gateway; it is closed when the running test ends. */
export async function gatewayWith(options: GatewayOptions = {}): Promise<TestGateway> {
  const authority = await createAuthority()
  const recorder = await startRecorder(authority, options.script)
  const access: UpstreamAccess = {
    server: recorder.url,
    certificateAuthority: authority.certPem,
    serverName: undefined,
    credential: options.credential ?? { kind: 'token', token: gatewayToken },
  }
  return await gatewayBefore(access, authority, recorder, options)
}

async function gatewayBefore(
  access: UpstreamAccess,
  authority: Authority,
  recorder: Recorder,
  options: GatewayOptions,
): Promise<TestGateway> {
  const limits = { ...defaultLimits, ...options.limits }
  const upstream = createUpstream({
    access,
    maxConnections: limits.maxUpstreamConnections,
    maxHeaderBytes: limits.maxHeaderBytes,
  })
  const { certPem, keyPem } = await authority.issue({ commonName: 'gateway' })
  const book = observed()
  const admission = { ...rules, ...options.rules }
  const proxyOptions: ProxyOptions = {
    listen: { host: '127.0.0.1', port: 0, trustedProxies: options.trustedProxies ?? [] },
    certificate: { certificate: certPem, key: keyPem },
    admission: createAdmission(admission),
    judge: options.judge ?? judgeOf(options.expiresAt),
    upstream,
    limits,
    streams: {
      watchOnExpiry: { kind: 'close' },
      upgradeOnExpiry: { kind: 'ignore' },
      ...options.streams,
    },
    observer: book.observer,
    clock: options.clock ?? systemClock,
    connectionRefused: () => undefined,
  }
  const proxy = createProxy(proxyOptions)
  const port = await proxy.listen()
  onTestFinished(async () => {
    proxy.close()
    await upstream.close()
  })
  async function passFence(): Promise<string> {
    const fence = `/fence-${recorder.requests.length}`
    await rawRequest(target, asJohn(`GET ${fence}`))
    return fence
  }
  const target: RawTarget = { port, certificateAuthority: authority.certPem }
  return {
    ...target,
    recorder,
    authority,
    proxy,
    upstream,
    exchanges: book.exchanges,
    ended: book.ended,
    connect: async () => await connectRaw(target),
    send: async (bytes) => await rawRequest(target, bytes),
    async expectArrived(count) {
      const fence = await passFence()
      const others = recorder.requests.filter((request) => request.target !== fence)
      expect(others.map((request) => request.head)).toHaveLength(count)
    },
    async expectFence() {
      await passFence()
    },
  }
}

/** A judge that knows the `tokens` and decides with the real rules. */
export function judgeOf(expiresAt = Number.MAX_SAFE_INTEGER): Judge {
  const known: Readonly<Record<string, Identity>> = {
    [tokens.john]: { ...identity({ username: 'john', groups: ['developers'] }), expiresAt },
    [tokens.jane]: { ...identity({ username: 'jane', groups: ['admins'] }), expiresAt },
  }
  const decided = deciding()
  return {
    async judge(request) {
      const { token, impersonation } = request
      if (token === tokens.serviceAccount)
        return { kind: 'passthrough', request, token, impersonation }
      if (token === undefined) {
        return refuse(401, 'credential_missing', 'A bearer token is needed: sign in.')
      }
      const bearer = known[token]
      if (!bearer) return refuse(401, 'token_malformed', 'The token is not one.')
      return decided(request, bearer)
    },
  }
}

/** A judge to whom every request is of the user whom `who` names. */
export function judgeAs(who: () => Identity): Judge {
  const decided = deciding()
  return { judge: (request) => decided(request, who()) }
}

/** The real rules, at an API server that allows whatever it is asked. */
function deciding(): (request: AdmittedRequest, bearer: Identity) => Decision {
  // One for all requests, as in a gateway: a user is looked at once for each policy.
  const ours = policy()
  return (request, bearer) => {
    const decision = decide(request, bearer, ours)
    return decision.kind === 'forward-if-allowed' ? decision.forward : decision
  }
}

function observed() {
  const exchanges: Exchange[] = []
  const endings: Exchange[] = []
  let changed = (): void => {}
  return {
    exchanges,
    observer: {
      started: (exchange: Exchange) => void exchanges.push(exchange),
      ended(exchange: Exchange) {
        endings.push(exchange)
        changed()
      },
    },
    async ended(count: number): Promise<Exchange> {
      for (;;) {
        const last = endings[count - 1]
        if (last) return last
        await new Promise<void>((resolve) => {
          changed = resolve
        })
      }
    },
  }
}
