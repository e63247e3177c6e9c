import { expect, test } from 'vitest'
import { gatewayWith } from '../../../world/gateway/gateway-with.ts'
import { asJohn } from '../../../world/gateway/requests.ts'
import { gatewayToken } from '../../../world/gateway/tokens.ts'
import { answerMaterial } from './answer-material.ts'
import { mutated } from './mutate.ts'
import { createRandom, type Random } from './random.ts'

const { FUZZ_SECONDS, FUZZ_SEED } = process.env
const seconds = Number(FUZZ_SECONDS ?? 2)
const firstSeed = Number(FUZZ_SEED ?? Date.now() % 2 ** 31)

const upgrade = ['Connection: Upgrade', 'Upgrade: websocket']

test(
  'whatever the API server answers, each client gets an answer or the end, and others are served',
  async () => {
    const until = Date.now() + seconds * 1000
    let seed = firstSeed
    let bytes = ''
    const gateway = await gatewayWith({
      // An answer of which something is missing is not waited for.
      script: ({ socket }) => void socket.end(bytes, 'latin1'),
    })
    do {
      const random = createRandom(seed)
      bytes = mutated(random, answerMaterial)
      const client = await gateway.connect()
      client.write(requestOf(random))
      client.socket.once('data', () => setTimeout(() => client.end(), 1))
      const answer = await client.closed()
      const shown = JSON.stringify({ seed, bytes, answer })
      expect(answer === '' || answer.startsWith('HTTP/1.1 '), shown).toBe(true)
      expect(answer, shown).not.toContain(gatewayToken)
      seed += 1
      if (seed % 10 === 0) await gateway.expectFence()
    } while (Date.now() < until)
    if (FUZZ_SECONDS !== undefined) {
      process.stdout.write(`${seed - firstSeed} answers, seed ${firstSeed}\n`)
    }
  },
  (seconds + 60) * 1000,
)

function requestOf(random: Random): string {
  return random.pick([
    asJohn('GET /api'),
    asJohn('HEAD /api'),
    asJohn('GET /api/v1/pods?watch=1'),
    `${asJohn('POST /api', 'Content-Length: 5')}hello`,
    asJohn('GET /exec', ...upgrade),
    asJohn('POST /exec', 'Connection: Upgrade', 'Upgrade: SPDY/3.1'),
  ])
}
