import type { ReadinessCheck } from '../operations/index.ts'
import type { UpstreamCertificate } from '../upstream/index.ts'

/** What the primary process says to a worker. */
export type ToWorker =
  /** How is it with you? */
  | { readonly kind: 'tell'; readonly id: number }
  /** Let what is under way end, and stop. */
  | { readonly kind: 'drain' }
  /** A client certificate for the API server that was renewed. */
  | { readonly kind: 'certificate'; readonly certificate: UpstreamCertificate }

/** What a worker says to the primary process. */
export type FromWorker =
  | { readonly kind: 'told'; readonly id: number; readonly report: WorkerReport }
  /** It takes connections. */
  | { readonly kind: 'listening'; readonly port: number }

/** How it is with a worker. */
export interface WorkerReport {
  readonly readiness: readonly ReadinessCheck[]
  /** Its metrics, as prom-client's `getMetricsAsJSON` gives them. */
  readonly metrics: readonly object[]
}

/**
 * Whether a message of a process that we have forked is one of ours: prom-client and Node talk over the
 * same channel. Both ends are the same program, so the kind alone is looked at.
 */
export function isFromWorker(message: unknown): message is FromWorker {
  return ['told', 'listening'].includes(kindOf(message))
}

/** The same for messages of the process that has forked us. */
export function isToWorker(message: unknown): message is ToWorker {
  return ['tell', 'drain', 'certificate'].includes(kindOf(message))
}

function kindOf(message: unknown): string {
  const { kind } = Object(message)
  return typeof kind === 'string' ? kind : ''
}
