import cluster from 'node:cluster'
import type { Gateway } from '../server/index.ts'
import { type FromWorker, isToWorker } from './messages.ts'

/** Whether this process is a worker, forked by a primary process of the same program. */
export function isWorker(): boolean {
  return cluster.isWorker
}

/** Answers the questions of the primary process. @returns aborted when it asks for a drain */
export function answerPrimary(gateway: Gateway, port: number): AbortSignal {
  const drain = new AbortController()
  process.on('message', (message) => {
    if (!isToWorker(message)) return
    switch (message.kind) {
      case 'tell':
        void tell(gateway, message.id)
        break
      case 'drain':
        drain.abort()
        break
      case 'certificate':
        gateway.useCertificate(message.certificate)
    }
  })
  // A worker without a primary has no probes and no audit log: it must not go on.
  process.once('disconnect', () => drain.abort())
  send({ kind: 'listening', port })
  return drain.signal
}

async function tell(gateway: Gateway, id: number): Promise<void> {
  const metrics = await gateway.metrics()
  send({ kind: 'told', id, report: { readiness: gateway.readiness(), metrics } })
}

/** A primary process that ends at this moment has nothing to hear any more. */
function send(message: FromWorker): void {
  if (process.send && process.connected)
    process.send(message, undefined, undefined, () => undefined)
}
