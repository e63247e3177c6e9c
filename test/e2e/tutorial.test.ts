import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { programs } from '../cluster/index.ts'
import { textAt } from '../world/api/json.ts'
import { chromiumPath } from './browser.ts'
import { keycloakHome } from './keycloak/index.ts'
import { kubectlPath } from './kubectl.ts'
import { callsHerselfJohn } from './tutorial/mallory.ts'
import { type Block, type Section, sectionsOf } from './tutorial/page.ts'
import { type Player, player } from './tutorial/play.ts'
import { tryStreams } from './tutorial/streams.ts'
import { kubectlCases } from './tutorial/versions.ts'
import { type TutorialWorld, tutorialWorld } from './tutorial/world.ts'

const sections = sectionsOf(readFileSync('docs/tutorial.md', 'utf8')).filter(
  ({ blocks }) => blocks.length > 0,
)
const streams = sections.findIndex(({ title }) => title.includes('Jane works'))
const [untilStreams, rest] = [sections.slice(0, streams + 1), sections.slice(streams + 1)]
const canRun =
  process.platform === 'linux' && programs && keycloakHome && chromiumPath && kubectlPath

describe.skipIf(!canRun)('docs/tutorial.md', () => {
  const endings: (() => void | Promise<void>)[] = []
  let world: TutorialWorld
  let story: Player
  let isBroken = false
  beforeAll(async () => {
    world = await tutorialWorld((end) => void endings.push(end))
    story = player(world)
  })
  afterAll(async () => {
    for (const end of endings.splice(0).reverse()) await end()
  })

  /** Each section goes on where the one before has ended. */
  async function playAll({ blocks }: Pick<Section, 'blocks'>): Promise<void> {
    expect(isBroken, 'a section before this one has failed').toBe(false)
    isBroken = true
    let shown = ''
    for (const block of blocks) {
      if (block.person === '') await compareEvent(block, shown)
      else shown = await playBlock(block)
    }
    isBroken = false
  }

  /** Two notes of the page are about what is no command: the name of the gateway, and an account at Keycloak. */
  async function playBlock(block: Block): Promise<string> {
    if (block.notes.has('calls herself John')) await callsHerselfJohn(world)
    const shown = await story.play(block)
    if (block.notes.has('published')) await world.publish()
    return shown
  }

  /** The API server has the event that belongs to the line of the gateway. */
  async function compareEvent(block: Block, line: string): Promise<void> {
    const { auditID } = JSON.parse(line)
    const [event] = await world.cluster.auditEvents({
      isWanted: (each) => textAt(each, 'auditID') === auditID,
    })
    const shown = JSON.parse(world.here(block.steps[0]?.output ?? ''))
    expect(event, `line ${block.line} of the tutorial`).toMatchObject({ ...shown, auditID })
  }

  test.each(untilStreams)('$title', playAll)

  test.concurrent.for(kubectlCases())(
    'kubectl $version by $protocol does what the newest does',
    async (given, { expect: expectHere }) => {
      expectHere(isBroken, 'a section before has failed').toBe(false)
      await tryStreams(world, given, expectHere)
    },
  )

  test.each(rest)('$title', async (section) => {
    await playAll(section)
    if (!section.title.includes('client certificate')) return
    const again = sections[streams]?.blocks.filter(({ notes }) => !notes.has('signs in')) ?? []
    await playAll({ blocks: again })
  })
})
