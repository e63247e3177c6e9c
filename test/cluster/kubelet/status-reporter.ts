import { setTimeout as sleep } from 'node:timers/promises'
import { type ApiClient, ApiError } from '../api-client.ts'

/** Writes the newest status of an object, however long the API server is away. */
export interface StatusReporter {
  report(status: object): void
  /** No more reports. */
  stop(): void
}

/** A reporter for the object at a path. It gives up when the object is gone. */
export function statusReporter(api: ApiClient, path: string): StatusReporter {
  let newest: object | undefined
  let isBusy = false
  let isStopped = false

  async function work(): Promise<void> {
    isBusy = true
    while (newest !== undefined && !isStopped) {
      const status = newest
      newest = undefined
      try {
        await api.merge(`${path}/status`, { status })
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) break
        newest ??= status
        await sleep(100)
      }
    }
    isBusy = false
  }

  return {
    report(status) {
      newest = status
      if (!isBusy) void work()
    },
    stop() {
      isStopped = true
    },
  }
}
