import { lookAtLock } from '../../lock/index.ts'
import { inSeconds } from '../../seconds.ts'
import { type Check, noProvider, skipped } from '../check.ts'

/** Whether another process is signing in to this session, and holds up everybody else. */
export const lockCheck: Check = {
  name: 'lock',
  async run({ system, store, key }) {
    if (store.folder === undefined) return skipped('Without stored sessions there is no lock.')
    if (key === undefined) return noProvider
    const state = lookAtLock(system, store.folder, key)
    if (state.kind === 'free') return { verdict: 'ok', message: 'Nobody holds the lock.' }
    if (state.kind === 'left-behind') {
      return {
        verdict: 'ok',
        message: 'The process that held the lock has ended; the next command takes it over.',
      }
    }
    const { holder } = state
    if (holder === undefined) {
      return { verdict: 'warning', message: 'Another process is just taking the lock.' }
    }
    const held = inSeconds(system.clock.now() - holder.since)
    const where = holder.isOnThisMachine ? '' : ` on ${holder.machine}`
    return {
      verdict: 'warning',
      message: `Process ${holder.pid}${where} has been ${holder.purpose} for ${held}; others wait for it.`,
      remedy: holder.isOnThisMachine
        ? `Finish the sign-in in the browser, or end the process: kill ${holder.pid}`
        : 'Finish the sign-in there.',
    }
  },
}
