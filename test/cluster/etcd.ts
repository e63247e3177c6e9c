import { join } from 'node:path'
import type { Signal } from '../e2e/bound-process.ts'
import { neededPrograms } from './programs.ts'
import { quietPort } from './quiet-port.ts'
import { type Service, startService } from './service.ts'

/** An etcd that can be stopped and started again at the same place, with what it holds. */
export interface Etcd {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string
  /** Starts it and waits until it answers. */
  start(): Promise<void>
  stop(): Promise<void>
  send(signal: Signal): void
}

/** An etcd that is not started yet. It trusts whoever reaches its port of 127.0.0.1. */
export async function etcdIn(folder: string): Promise<Etcd> {
  const url = `http://127.0.0.1:${await quietPort()}`
  const peer = `http://127.0.0.1:${await quietPort()}`
  let running: Service | undefined
  return {
    url,
    async start() {
      const args = [
        `--data-dir=${join(folder, 'etcd')}`,
        // It lives for minutes, and disks are slow.
        '--unsafe-no-fsync',
        `--listen-client-urls=${url}`,
        `--advertise-client-urls=${url}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=default=${peer}`,
        '--log-level=warn',
      ]
      running = startService(neededPrograms().etcd, args, folder)
      await running.until(async () => (await fetch(`${url}/health`)).ok)
    },
    async stop() {
      await running?.stop()
    },
    send: (signal) => running?.send(signal),
  }
}
