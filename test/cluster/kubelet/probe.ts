import { request } from 'node:http'
import type { Probe } from './pod-facts.ts'

const patienceMs = 3000

/** Asks a pod whether it is ready, as kubelet does: a status from 200 to 399 is a yes. */
export async function answersWell(address: string, { path, port }: Probe): Promise<boolean> {
  return await new Promise((done) => {
    const outgoing = request({ host: address, port, path, agent: false, timeout: patienceMs })
    outgoing.once('response', ({ statusCode = 0 }) => {
      outgoing.destroy()
      done(statusCode >= 200 && statusCode < 400)
    })
    outgoing.once('timeout', () => outgoing.destroy())
    outgoing.once('error', () => done(false))
    outgoing.end()
  })
}
