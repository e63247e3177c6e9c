import type { IncomingMessage } from 'node:http'
import { type Agent, request } from 'node:https'
import type { Target } from './target.ts'

const path = '/api/v1/namespaces/default/services'

/** Longer than any gateway that works. */
const patienceMs = 30_000

/** Lists services as somebody and reads the answer. Rejects when it is no success. */
export async function list(target: Target, agent: Agent, token: string): Promise<void> {
  const answer = await ask(target, agent, path, token)
  answer.resume()
  await new Promise((done, fail) => answer.once('end', done).once('error', fail))
}

/** A watch that is open. */
export interface OpenWatch {
  /** How many events came so far. */
  events(): number
  close(): void
}

/** Opens a watch as somebody. Rejects when it does not open. */
export async function watch(target: Target, agent: Agent, token: string): Promise<OpenWatch> {
  const answer = await ask(target, agent, `${path}?watch=1`, token)
  let events = 0
  answer.on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 0x0a) events += 1
  })
  answer.on('error', () => undefined)
  return { events: () => events, close: () => void answer.destroy() }
}

async function ask(
  { host, port, ca }: Target,
  agent: Agent,
  wanted: string,
  token: string,
): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${token}`, 'user-agent': 'kubectl/load' }
  return await new Promise((done, fail) => {
    const asking = request({ host, port, ca, agent, path: wanted, headers })
    const timer = setTimeout(() => asking.destroy(new Error('no answer in time')), patienceMs)
    asking.once('response', (answer) => {
      clearTimeout(timer)
      if (answer.statusCode === 200) return done(answer)
      answer.resume()
      fail(new Error(`answered with ${answer.statusCode}`))
    })
    asking.on('error', (error) => {
      clearTimeout(timer)
      fail(error)
    })
    asking.end()
  })
}
