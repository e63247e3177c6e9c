import { expect, test } from 'vitest'
import { answerMaterial } from './answer-material.ts'
import { type KnownDifference, knownDifferences } from './known-differences.ts'
import { mutated } from './mutate.ts'
import { nodeClient, nodeServer, type PlainReading } from './node-reading.ts'
import { ourAnswer, ourRequests } from './our-reading.ts'
import { createRandom, type Random } from './random.ts'
import { framingMaterial } from './request-material.ts'

/** As for the other ones. */
const { FUZZ_SECONDS, FUZZ_SEED } = process.env
const seconds = Number(FUZZ_SECONDS ?? 3) / 2
const firstSeed = Number(FUZZ_SEED ?? Date.now() % 2 ** 31)
const patience = (seconds + 60) * 1000

const server = nodeServer()

test(
  'requests are read as Node reads them: the same ones, and none that Node refuses',
  async () => {
    const whole = await fuzzed(async (random) => {
      const bytes = Buffer.from(mutated(random, framingMaterial), 'latin1')
      return { bytes, node: requestsTold(await server(bytes)), ours: ourRequests(bytes, random) }
    })
    expect(whole).toBeGreaterThan(0)
  },
  patience,
)

test(
  'answers are read as Node reads them: the same ones, and none that Node refuses',
  async () => {
    const whole = await fuzzed(async (random) => {
      const method = random.pick(['GET', 'HEAD'])
      const bytes = Buffer.from(mutated(random, answerMaterial), 'latin1')
      const node = answerTold(await nodeClient(method)(bytes))
      return { bytes, node, ours: ourAnswer(bytes, method, random) }
    })
    expect(whole).toBeGreaterThan(0)
  },
  patience,
)

test.each(knownDifferences.map((row) => [row.what, row] as const))(
  'known: %s',
  async (_, { side, example, refusal }) => {
    const bytes = Buffer.from(example, 'latin1')
    const random = createRandom(1)
    const isRequest = side === 'requests'
    const node = isRequest ? await server(bytes) : answerTold(await nodeClient(side)(bytes))
    const ours = isRequest ? ourRequests(bytes, random) : ourAnswer(bytes, side, random)
    expect(node).toMatchObject({ error: undefined, messages: [{ isWhole: true }] })
    expect(ours.error).toBe(refusal)
  },
)

interface Comparison {
  readonly bytes: Buffer
  readonly node: PlainReading
  readonly ours: PlainReading
}

/** @returns how many messages both have read to their end: an oracle that sees none would find nothing */
async function fuzzed(compared: (random: Random) => Promise<Comparison>): Promise<number> {
  const until = Date.now() + seconds * 1000
  let seed = firstSeed
  let whole = 0
  do {
    const { bytes, node, ours } = await compared(createRandom(seed))
    const shown = JSON.stringify({ seed, bytes: bytes.toString('latin1'), node, ours })
    if (!isKnown(node, ours)) {
      expect(ours.error === undefined, shown).toBe(node.error === undefined)
      expect(ours.behind, shown).toBe(node.behind)
      expect(ours.messages.filter(isWhole), shown).toEqual(node.messages.filter(isWhole))
      expect(ours.messages.length, shown).toBe(node.messages.length)
    }
    whole += ours.messages.filter(isWhole).length
    seed += 1
  } while (Date.now() < until)
  if (FUZZ_SECONDS !== undefined) {
    process.stdout.write(`${seed - firstSeed} readings, ${whole} messages, seed ${firstSeed}\n`)
  }
  return whole
}

function isKnown(node: PlainReading, ours: PlainReading): boolean {
  const isRefusal = ({ refusal }: KnownDifference): boolean => refusal === ours.error
  return node.error === undefined && knownDifferences.some(isRefusal)
}

function isWhole({ isWhole: isIt }: { readonly isWhole: boolean }): boolean {
  return isIt
}

/** Node tells a server's messages no status; what it calls one is null. */
function requestsTold(reading: PlainReading): PlainReading {
  return { ...reading, messages: reading.messages.map((message) => ({ ...message, status: 0 })) }
}

/** What Node makes of an answer, as far as it is one: what is wrong behind it is not looked at here. */
function answerTold(reading: PlainReading): PlainReading {
  const { messages } = reading
  const [answer] = messages
  if (answer?.status === 101) return { messages: [], error: 'switched', behind: undefined }
  if (answer?.isWhole) return { messages: [answer], error: undefined, behind: undefined }
  return { messages, error: reading.error ?? 'none', behind: undefined }
}
