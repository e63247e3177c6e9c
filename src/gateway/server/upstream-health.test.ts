import { expect, test } from 'vitest'
import type { Clock } from '../../system/index.ts'
import type { UpstreamOutcome } from '../kubernetes/index.ts'
import { silentLog } from '../operations/index.ts'
import { exchange } from '../testing/exchange.ts'
import { upstreamHealth } from './upstream-health.ts'

/** A clock whose sleeps end at once when somebody says so, and remember how long they were to be. */
function manualClock() {
  const sleeps: { durationMs: number; end: () => void }[] = []
  const clock: Clock = {
    now: () => 0,
    elapsed: () => 0,
    sleep: async (durationMs, signal) =>
      await new Promise((resolve, reject) => {
        if (signal?.aborted) reject(signal.reason)
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
        sleeps.push({ durationMs, end: resolve })
      }),
  }
  const next = async (): Promise<{ durationMs: number; end: () => void }> => {
    for (;;) {
      const sleep = sleeps.shift()
      if (sleep) return sleep
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { clock, next }
}

function watched(outcomes: UpstreamOutcome['kind'][]) {
  const { clock, next } = manualClock()
  let asked = 0
  const ask = async (): Promise<UpstreamOutcome> => {
    asked += 1
    const kind = outcomes.shift() ?? 'good'
    return kind === 'good' || kind === 'credential_refused' ? { kind } : { kind, message: '' }
  }
  const health = upstreamHealth(ask, clock, silentLog)
  const stop = new AbortController()
  void health.watch(stop.signal)
  return { health, next, asked: () => asked, stop }
}

const refused = exchange({ refusal: 'upstream_credential_refused', status: 502 })

test('a refused credential that is met in any moment is a reason to ask at once', async () => {
  const { health, next, asked } = watched(['good', 'credential_refused'])
  const pause = await next()
  expect(asked()).toBe(1)
  // During the pause after a question, when it would be easiest to miss.
  health.observer.ended(refused)
  expect(health.isCredentialRefused()).toBe(false)
  pause.end()
  await next()
  expect({ asked: asked(), refused: health.isCredentialRefused() }).toEqual({
    asked: 2,
    refused: true,
  })
})

test.each(['upstream_unreachable', 'upstream_impersonation_refused'] as const)(
  '%s of a request is a reason to ask, a refusal of the user is none',
  async (refusal) => {
    const { health, next, asked } = watched(['good', 'unreachable'])
    ;(await next()).end()
    await next()
    health.observer.ended(exchange({ refusal: 'token_expired', status: 401 }))
    await new Promise((resolve) => setImmediate(resolve))
    expect({ asked: asked(), outcome: health.lastOutcome() }).toEqual({ asked: 1, outcome: 'good' })
    health.observer.ended(exchange({ refusal, status: 502 }))
    await next()
    expect({ asked: asked(), outcome: health.lastOutcome() }).toEqual({
      asked: 2,
      outcome: 'unreachable',
    })
  },
)

test('it asks seldom while all is good, and often while it is not', async () => {
  const { health, next } = watched(['unreachable', 'good'])
  ;(await next()).end()
  const whenBad = await next()
  expect(health.hasReachedUpstream()).toBe(false)
  whenBad.end()
  ;(await next()).end()
  const whenGood = await next()
  expect(health.hasReachedUpstream()).toBe(true)
  expect(whenBad.durationMs).toBeLessThan(whenGood.durationMs)
})

test('a 401 to one forwarded request does not make the gateway unready by itself', async () => {
  const { health, next } = watched(['good', 'good'])
  ;(await next()).end()
  await next()
  health.observer.ended(refused)
  await next()
  expect(health.isCredentialRefused()).toBe(false)
})

test('a right that was taken away is told by readiness until it is back', async () => {
  const { health, next } = watched(['impersonation_refused', 'good'])
  ;(await next()).end()
  const pause = await next()
  expect(health.mayImpersonate()).toBe(false)
  pause.end()
  await next()
  expect(health.mayImpersonate()).toBe(true)
})
