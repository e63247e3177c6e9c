import cluster, { type Worker } from 'node:cluster'
import type { Clock } from '../../system/index.ts'
import type { GatewayLog } from '../operations/index.ts'
import type { UpstreamCertificate } from '../upstream/index.ts'
import { readAudit, workerStdio } from './audit-pipe.ts'
import { type FromWorker, isFromWorker, type ToWorker, type WorkerReport } from './messages.ts'

/** What a {@link Crew} needs. */
export interface CrewOptions {
  readonly count: number
  readonly clock: Clock
  readonly log: GatewayLog
  /** Takes whole audit lines with their ends, as bytes. */
  readonly audit: (lines: Buffer) => void
}

/** The worker processes, and their replacements. */
export interface Crew {
  /**
   * Starts the workers and waits until one takes connections.
   *
   * @returns its port; undefined when none could start, and each has said why
   */
  start(): Promise<number | undefined>
  /** Asks every worker that takes connections; those that do not answer in time are left out. */
  reports(): Promise<WorkerReport[]>
  /** Lets all use a client certificate that was renewed, also those that take connections later. */
  hand(certificate: UpstreamCertificate): void
  /** Lets all end what is under way, and waits for their end. */
  drain(): Promise<void>
}

/** How long a worker may take to answer, in milliseconds. */
const answerMs = 2_000
/** Before a worker that has ended is replaced: a fault at every start must not become a storm. */
const replaceMs = 1_000

/** Keeps so many workers running until it is drained. */
export function createCrew({ count, clock, log, audit }: CrewOptions): Crew {
  const listening = new Set<Worker>()
  const waiting = new Map<number, (report: WorkerReport) => void>()
  let nextId = 0
  let isDraining = false
  let renewed: UpstreamCertificate | undefined
  let started: (port: number | undefined) => void = () => undefined

  function heard(worker: Worker, message: FromWorker): void {
    switch (message.kind) {
      case 'listening':
        listening.add(worker)
        // It was still starting when the others were asked, and did not hear it.
        if (isDraining) say(worker, { kind: 'drain' })
        if (renewed) say(worker, { kind: 'certificate', certificate: renewed })
        started(message.port)
        break
      case 'told':
        waiting.get(message.id)?.(message.report)
        break
    }
  }

  function hire(): void {
    const worker = cluster.fork()
    readAudit(worker, audit)
    worker.on('message', (message: unknown) => {
      if (isFromWorker(message)) heard(worker, message)
    })
    worker.once('exit', (code: number | null, signal: string | null) => {
      const hasListened = listening.delete(worker)
      if (isDraining) return
      if (!hasListened && listening.size === 0) started(undefined)
      log.error('A worker has ended; another one takes its place.', {
        pid: worker.process.pid ?? 0,
        reason: signal ?? `exit code ${code}`,
      })
      void clock.sleep(replaceMs).then(() => {
        if (!isDraining) hire()
      })
    })
  }

  async function ask(worker: Worker): Promise<WorkerReport[]> {
    const id = nextId
    nextId += 1
    const answer = new Promise<WorkerReport[]>((resolve) => {
      waiting.set(id, (report) => resolve([report]))
      say(worker, { kind: 'tell', id })
    })
    const tooLate = clock.sleep(answerMs).then((): WorkerReport[] => [])
    const report = await Promise.race([answer, tooLate])
    waiting.delete(id)
    return report
  }

  return {
    async start() {
      cluster.setupPrimary({ stdio: [...workerStdio] })
      const port = new Promise<number | undefined>((resolve) => {
        started = resolve
      })
      for (let index = 0; index < count; index += 1) hire()
      const found = await port
      if (found === undefined) isDraining = true
      return found
    },
    async reports() {
      return (await Promise.all([...listening].map(ask))).flat()
    },
    hand(certificate) {
      renewed = certificate
      for (const worker of listening) say(worker, { kind: 'certificate', certificate })
    },
    async drain() {
      isDraining = true
      const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
      const ended = workers.map(closed)
      for (const worker of workers) say(worker, { kind: 'drain' })
      await Promise.all(ended)
    },
  }
}

/** A worker that ends at this moment has nothing to hear any more. */
function say(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => undefined)
}

/** Its end, and that of its streams: the last audit line has been read. */
async function closed({ process: child }: Worker): Promise<void> {
  await new Promise<void>((resolve) => child.once('close', () => resolve()))
}
