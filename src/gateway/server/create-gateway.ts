import type { Writable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { OidcLoginError } from '../../errors.ts'
import { auditLog } from '../audit/index.ts'
import { renewalOf } from '../config/index.ts'
import { checkUpstream, createReviewer } from '../kubernetes/index.ts'
import { gatewayMetrics } from '../metrics/index.ts'
import {
  type GatewayLog,
  operationsServer,
  type ReadinessCheck,
  readiness,
  watchFiles,
} from '../operations/index.ts'
import { createProxy, type ExchangeObserver } from '../proxy/index.ts'
import { keepRenewed, prove, type RenewalOptions } from '../renewal/index.ts'
import { createUpstream, type UpstreamCertificate } from '../upstream/index.ts'
import { accountIssuers } from './account-issuers.ts'
import { auditSink } from './audit-sink.ts'
import { certificateInUse, withCertificate } from './certificate-in-use.ts'
import { keyObserver } from './key-observer.ts'
import { listening } from './listening.ts'
import { type Documents, type Live, type LiveFacts, type LiveSystem, makeLive } from './live.ts'
import { loadMaterial, type Material } from './material.ts'
import { everyone } from './observers.ts'
import { restartNeeded } from './restart-needed.ts'
import { upstreamHealth } from './upstream-health.ts'

/** How a {@link Gateway} is made. */
export interface GatewayOptions extends Documents {
  readonly system: LiveSystem
  readonly log: GatewayLog
  /** Where audit lines go with `audit.sink: stdout`. */
  readonly auditStream: Writable
  /** Somebody else who is told of each request. */
  readonly observer?: ExchangeObserver
  /** Whether another process answers probes and scrapers, and asks this one. */
  readonly isWorker?: boolean
}

/** Where a gateway listens. */
export interface Addresses {
  readonly port: number
  /** Undefined in a worker. */
  readonly operationsPort: number | undefined
}

/** A gateway that can be embedded. It keeps nothing global: a process may hold several. */
export interface Gateway {
  /**
   * Begins to answer, to clients and to probes.
   *
   * @returns the ports, also where the configuration says 0
   * @throws OidcLoginError `address_unavailable`
   */
  listen(): Promise<Addresses>
  /**
   * Takes another configuration into force, as a whole.
   *
   * @returns fields that changed and need a restart to take effect
   * @throws OidcLoginError when it cannot be used; the old one stays in force
   */
  replace(documents: Documents): readonly string[]
  /** Takes a client certificate for the API server into use that somebody else has renewed and tried. */
  useCertificate(certificate: UpstreamCertificate): void
  /** What stands between it and its first request. */
  readiness(): readonly ReadinessCheck[]
  /** Its metrics, as prom-client's `getMetricsAsJSON` gives them. */
  metrics(): Promise<readonly object[]>
  /** Counts a new configuration that could not even be read. */
  configurationFailed(): void
  /**
   * Becomes unready, goes on for `drainDelayMs` so that load balancers notice, lets what is under way
   * end within `drainTimeoutMs`, and stops.
   */
  drain(): Promise<void>
  /** Stops at once. */
  close(): Promise<void>
}

/**
 * Makes a gateway: it verifies ID tokens and forwards requests by impersonation.
 *
 * @throws OidcLoginError when the configuration or a file that it names cannot be used
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { system, log } = options
  const { limits, streams, listen, operations, audit } = options.configuration
  const ended = new AbortController()
  let isListening = false
  let isDraining = false

  const upstream = createUpstream({
    access: loadMaterial(system, options.configuration).access,
    maxConnections: limits.maxUpstreamConnections,
    maxHeaderBytes: limits.maxHeaderBytes,
  })
  const health = upstreamHealth((signal) => checkUpstream(upstream, signal), system.clock, log)
  const metrics = gatewayMetrics({
    now: system.clock.now,
    issuers: () => live.authenticator.issuers(),
    credentialExpiresAt: () => live.material.credentialExpiresAt,
    servingCertificateExpiresAt: () => live.material.servingExpiresAt,
    openConnections: () => proxy.openConnections(),
    auditLinesLost: () => sink.lost(),
    upstreamOutcome: health.lastOutcome,
  })
  const facts: LiveFacts = {
    reviewer: createReviewer(upstream),
    serviceAccountIssuers: await accountIssuers(upstream, options.configuration, log),
    observe: keyObserver(log, metrics.keysLoaded),
  }
  const certificates = certificateInUse(async (access) => await prove(access, ended.signal), log)
  let live = makeLive(system, options, facts)
  const sink = await auditSink(audit, options.auditStream, log)
  const proxy = createProxy({
    listen,
    certificate: live.material.serving,
    admission: (raw) => live.admission(raw),
    judge: { judge: (...request) => live.judge.judge(...request) },
    upstream,
    limits,
    streams,
    observer: everyone([
      auditLog(sink, audit, system.clock.now),
      metrics.observer,
      health.observer,
      ...(options.observer ? [options.observer] : []),
    ]),
    clock: system.clock,
    connectionRefused: metrics.connectionRefused,
  })
  const ready = (): readonly ReadinessCheck[] =>
    readiness({
      isListening,
      isDraining,
      issuers: live.authenticator.issuers(),
      requireAllIssuers: operations.requireAllIssuers,
      hasReachedUpstream: health.hasReachedUpstream(),
      isUpstreamAnswering: health.lastOutcome() !== 'unreachable',
      isCredentialRefused: health.isCredentialRefused(),
      mayImpersonate: health.mayImpersonate(),
    })
  const probes = operationsServer({
    readiness: ready,
    metrics: async () => await metrics.registry.metrics(),
  })
  const renewal: RenewalOptions = {
    clock: system.clock,
    log,
    settings: () => renewalOf(live.documents.configuration),
    access: () => live.material.access,
    adopt: useCertificate,
    observer: metrics.renewal,
    spread: Math.random(),
  }
  let stopWatching = watchFiles(live.material.files, reloadMaterial)
  // The API server and the audit log were waited for: what has changed meanwhile would go unnoticed.
  putInForce({ ...live, material: loadMaterial(system, options.configuration) })
  metrics.configurationLoaded({ kind: 'success', hash: live.hash })

  /** Takes everything that the files hold into force; what cannot be used leaves all as it was. */
  function putInForce(next: Live): void {
    upstream.replace(next.material.access)
    proxy.replaceCertificate(next.material.serving)
    if (next.authenticator !== live.authenticator) live.authenticator.close()
    stopWatching()
    live = next
    stopWatching = watchFiles(live.material.files, reloadMaterial)
  }

  function reloadMaterial(): void {
    try {
      const read = loadMaterial(system, live.documents.configuration)
      putInForce({ ...live, material: afterReading(read) })
      log.info('Certificates, keys and tokens were read again.')
    } catch (error) {
      log.error('Changed certificates, keys or tokens cannot be used; the old ones stay in use.', {
        reason: messageOf(error),
      })
    }
  }

  function afterReading(read: Material): Material {
    return certificates.afterReading(live.material, read, (certificate) => {
      putInForce({ ...live, material: withCertificate(live.material, certificate) })
    })
  }

  function useCertificate(certificate: UpstreamCertificate): void {
    putInForce({ ...live, material: certificates.afterRenewal(live.material, certificate) })
  }

  async function close(): Promise<void> {
    isListening = false
    ended.abort()
    stopWatching()
    proxy.close()
    live.authenticator.close()
    await Promise.all([probes.close(), upstream.close(), sink.close()])
  }

  return {
    async listen() {
      const operationsPort = options.isWorker
        ? undefined
        : await listening(
            operations,
            async () => await probes.listen(operations.host, operations.port),
          )
      const port = await listening(listen, proxy.listen)
      isListening = true
      void health.watch(ended.signal)
      // Of several processes one renews for all.
      if (!options.isWorker) void keepRenewed(renewal, ended.signal)
      return { port, operationsPort }
    },
    useCertificate,
    replace(documents) {
      const before = live.documents.configuration
      const next = makeLive(system, documents, facts, live)
      if (isDeepStrictEqual(before.upstream, documents.configuration.upstream)) {
        putInForce({ ...next, material: afterReading(next.material) })
      } else {
        certificates.forget()
        putInForce(next)
      }
      metrics.configurationLoaded({ kind: 'success', hash: live.hash })
      return restartNeeded(before, documents.configuration)
    },
    readiness: ready,
    metrics: async () => await metrics.registry.getMetricsAsJSON(),
    configurationFailed: () => metrics.configurationLoaded({ kind: 'failure' }),
    async drain() {
      isDraining = true
      await system.clock.sleep(operations.drainDelayMs)
      await proxy.drain(operations.drainTimeoutMs)
      await close()
    },
    close,
  }
}

/** Only our own errors are known to hold no secret. */
function messageOf(error: unknown): string {
  return error instanceof OidcLoginError ? error.message : 'unexpected error'
}
