import { Agent } from 'node:https'
import { list, type OpenWatch, watch } from './ask.ts'
import { atRate, type Tally } from './at-rate.ts'
import type { LoadPlan } from './plan.ts'
import type { Target } from './target.ts'

/** Does what a plan says to a gateway. */
export interface Driver {
  /** Sends requests on connections that stay, for so many milliseconds. */
  requests(durationMs: number): Promise<Tally>
  /** Opens connections with one request each. */
  connections(durationMs: number): Promise<Tally>
  /** Opens so many watches, each on a connection of its own. */
  watches(count: number): Promise<{ readonly tally: Tally; readonly open: readonly OpenWatch[] }>
  /** Closes the connections that stay. */
  close(): void
}

/** A session that is resumed would spare half of a handshake; no kubectl has one. */
const wholeHandshakes = { maxCachedSessions: 0 } as const

/** Makes it. Each user has his turn. */
export function createDriver(target: Target, plan: LoadPlan): Driver {
  const { connections, requestsPerSecond, connectionsPerSecond, opensPerSecond } = plan
  const staying = new Agent({ keepAlive: true, maxSockets: connections, ...wholeHandshakes })
  const passing = new Agent(wholeHandshakes)
  const tokenOf = (index: number): string => target.tokens[index % target.tokens.length] ?? ''
  const lists = async (agent: Agent, perSecond: number, durationMs: number): Promise<Tally> =>
    await atRate(perSecond, Math.ceil((perSecond * durationMs) / 1000), async (index) => {
      await list(target, agent, tokenOf(index))
    })
  return {
    requests: async (durationMs) => await lists(staying, requestsPerSecond, durationMs),
    connections: async (durationMs) => await lists(passing, connectionsPerSecond, durationMs),
    async watches(count) {
      const open: OpenWatch[] = []
      const tally = await atRate(opensPerSecond, count, async (index) => {
        open.push(await watch(target, passing, tokenOf(index)))
      })
      return { tally, open }
    },
    close: () => staying.destroy(),
  }
}
