import { expect } from 'vitest'
import { expireSession, readSession } from '../../world/sessions.ts'
import { expectShown, isShown } from './output.ts'
import type { Block, Step } from './page.ts'
import type { Person, Typed } from './person.ts'
import type { TutorialWorld } from './world.ts'

/** Somebody who follows the page. */
export interface Player {
  /**
   * Does what a block of the page says, and compares what is shown with what the page shows.
   *
   * @returns what the last command has shown
   */
  play(block: Block): Promise<string>
}

/**
 * Plays blocks of the page. Notes of a block say what is special: `fails` (each command does), `signs in` and `visits` (its
 * command opens the browser, which nothing else does), `later` (the token has expired meanwhile), `goes on` (until
 * Ctrl-C, which is pressed when everything is shown that the page shows), `meanwhile` (likewise, after the next block).
 */
export function player(world: TutorialWorld): Player {
  let meanwhile: Typed | undefined

  async function play(block: Block): Promise<string> {
    const { notes, steps, line } = block
    const person = await world.person(block.person)
    const visitsBefore = person.countVisits()
    const tokenBefore = notes.has('later') ? expire(person) : undefined
    const before = meanwhile
    meanwhile = undefined
    let shown = ''
    for (const step of steps) {
      const typed = await playStep(world, block, step)
      shown = typed.shown()
      if (notes.has('meanwhile')) meanwhile = typed
    }
    before?.interrupt()
    await before?.ended
    const visits = notes.has('signs in') || notes.has('visits') ? 1 : 0
    expect(person.countVisits() - visitsBefore, `line ${line}: visits of the browser`).toBe(visits)
    if (notes.has('later')) {
      const isSame = tokenOf(person) === tokenBefore
      expect(isSame, `line ${line}: whether the old token is still there`).toBe(false)
    }
    return shown
  }

  return { play }
}

async function playStep(world: TutorialWorld, block: Block, step: Step): Promise<Typed> {
  const { notes, line } = block
  const person = await world.person(block.person)
  const command = world.here(step.command)
  const output = step.output === undefined ? undefined : world.here(step.output)
  const typed = person.start(command)
  const where = (): string => `line ${line} of the tutorial: ${command}${typed.shown()}`
  if (notes.has('signs in')) await signIn(world, person, block.person)
  if (notes.has('visits')) await seesLogout(person)
  if (notes.has('goes on') || notes.has('meanwhile')) {
    await typed.shows((shown) => isShown(shown, output ?? ''))
    if (notes.has('goes on')) typed.interrupt()
    return typed
  }
  const exitCode = await typed.ended
  expect(exitCode === 0, where()).toBe(!notes.has('fails'))
  if (output !== undefined) expectShown(typed.shown(), output, where())
  return typed
}

async function signIn({ password }: TutorialWorld, person: Person, name: string): Promise<void> {
  const page = await person.visit()
  await page.getByLabel('Username or email').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign In' }).click()
  await page.getByText('You are signed in').waitFor()
}

async function seesLogout(person: Person): Promise<void> {
  await (await person.visit()).getByRole('heading', { name: 'You are logged out' }).waitFor()
}

/** Lets the time of a token pass. @returns the token */
function expire(person: Person): unknown {
  expireSession(sessionsOf(person))
  return tokenOf(person)
}

function tokenOf(person: Person): unknown {
  return readSession(sessionsOf(person)).token
}

function sessionsOf({ home }: Person): string {
  return `${home}/.kube/cache/oidc-login`
}
