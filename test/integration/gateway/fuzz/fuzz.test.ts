import { connect } from 'node:tls'
import { expect, test } from 'vitest'
import { gatewayWith, type TestGateway } from '../../../world/gateway/gateway-with.ts'
import { mutated } from './mutate.ts'
import { faultOf } from './oracle.ts'
import { createRandom } from './random.ts'
import { requestMaterial } from './request-material.ts'

/** `FUZZ_SECONDS=600 npm run fuzz`; `FUZZ_SEED` repeats a run. */
const { FUZZ_SECONDS, FUZZ_SEED } = process.env
const seconds = Number(FUZZ_SECONDS ?? 3)
const firstSeed = Number(FUZZ_SEED ?? Date.now() % 2 ** 31)

/** A busy machine may be too slow for any request to arrive before its client has lost patience. */
const extraMs = 30_000

/** Gateways that are tried at the same time; each sees one connection after the other. */
const lanes = 4

test(
  'whatever bytes come, nothing goes on but requests of those who showed a token, and each connection ends',
  async () => {
    const until = Date.now() + seconds * 1000
    const runs = Array.from({ length: lanes }, async (_, lane) => await tried(lane, until))
    const figures = await Promise.all(runs)
    const sum = (figure: 'sent' | 'arrived'): number =>
      figures.reduce((total, one) => total + one[figure], 0)
    // An oracle that never sees anything would find nothing.
    expect(sum('arrived')).toBeGreaterThan(0)
    const told = `${sum('sent')} connections, ${sum('arrived')} requests, seed ${firstSeed}\n`
    if (FUZZ_SECONDS !== undefined) process.stdout.write(told)
  },
  (seconds + 60) * 1000,
)

async function tried(lane: number, until: number): Promise<{ sent: number; arrived: number }> {
  const gateway = await gatewayWith({ limits: { headersTimeoutMs: 2_000 } })
  let sent = 0
  let arrived = 0
  do {
    const seed = firstSeed + lane + lanes * sent
    const bytes = mutated(createRandom(seed), requestMaterial)
    const before = gateway.recorder.requests.length
    await exchanged(gateway, bytes)
    // What was sent on a moment before its client went may be still under way: it is not the next client's.
    await gateway.expectFence()
    for (const request of gateway.recorder.requests.slice(before)) {
      if (request.target.startsWith('/fence-')) continue
      arrived += 1
      const shown = JSON.stringify({ seed, sent: bytes, arrived: request.head })
      expect(faultOf(request, bytes), shown).toBeUndefined()
    }
    sent += 1
  } while (Date.now() < (arrived > 0 ? until : until + extraMs))
  return { sent, arrived }
}

/** How long an answer is waited for before the client ends its side: some requests get none. */
const patienceMs = 60

/** Sends bytes and, when an answer has begun, their end; waits until the gateway has closed. */
async function exchanged(
  { port, certificateAuthority }: TestGateway,
  bytes: string,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const ca = certificateAuthority
    const socket = connect({ port, host: '127.0.0.1', ca, servername: 'localhost' })
    const timer = setTimeout(() => socket.end(), patienceMs)
    socket.on('error', () => {})
    socket.once('data', () => setTimeout(() => socket.end(), 1))
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.resume()
    socket.write(bytes, 'latin1')
  })
}
