import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { expireSession, readSession } from '../../world/sessions.ts'
import { expectShown, isShown } from './output.ts'
import type { Block, Step } from './page.ts'
import type { Person, Typed } from './person.ts'
import type { TutorialWorld } from './world.ts'

/** What goes on while the next block is played. */
let meanwhile: Typed | undefined

/**
 * Does what a block of the page says, and compares what is shown with what the page shows. Notes of the
 * block: `fails` (each command does), `signs in` and `visits` (the first command opens the browser, which does not
 * happen otherwise), `later` (the token has expired), `goes on` (until Ctrl-C, which is pressed when the
 * terminal shows what the page shows), `meanwhile` (likewise, after the next block).
 *
 * @returns what the last command has shown
 */
export async function play(world: TutorialWorld, block: Block): Promise<string> {
  const { notes, steps, line } = block
  const person = await world.person(block.person)
  const visitsBefore = person.countVisits()
  const tokenBefore = notes.has('later') ? await expire(person) : undefined
  const others = meanwhile
  meanwhile = undefined
  let shown = ''
  for (const step of steps) shown = await playStep(world, block, step)
  others?.interrupt()
  await others?.ended
  const visits = notes.has('signs in') || notes.has('visits') ? 1 : 0
  expect(person.countVisits() - visitsBefore, `line ${line}: visits of the browser`).toBe(visits)
  if (tokenBefore !== undefined) {
    const isSame = tokenOf(person) === tokenBefore
    expect(isSame, `line ${line}: whether the old token is still there`).toBe(false)
  }
  return shown
}

async function playStep(world: TutorialWorld, block: Block, step: Step): Promise<string> {
  const { notes, line } = block
  const person = await world.person(block.person)
  const command = world.here(step.command)
  const output = step.output === undefined ? undefined : world.here(step.output)
  const typed = person.start(command)
  const where = (): string => `line ${line} of the tutorial: ${command}${typed.shown()}`
  const early = typed.ended.then((exitCode) => {
    throw new Error(`It ended with ${exitCode}. ${where()}`)
  })
  early.catch(() => undefined)
  if (notes.has('signs in')) await Promise.race([signIn(world, person, block.person), early])
  if (notes.has('visits')) await seesLogout(person)
  if (notes.has('goes on') || notes.has('meanwhile')) {
    await Promise.race([shows(typed, output ?? ''), early])
    if (notes.has('meanwhile')) meanwhile = typed
    else typed.interrupt()
    return typed.shown()
  }
  const exitCode = await typed.ended
  expect(exitCode === 0, where()).toBe(!notes.has('fails'))
  if (output !== undefined) expectShown(typed.shown(), output, where())
  return typed.shown()
}

async function shows(typed: Typed, output: string): Promise<void> {
  while (!isShown(typed.shown(), output)) await sleep(50)
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
async function expire(person: Person): Promise<unknown> {
  expireSession(sessionsOf(person))
  return tokenOf(person)
}

function tokenOf(person: Person): unknown {
  return readSession(sessionsOf(person)).token
}

function sessionsOf({ home }: Person): string {
  return `${home}/.kube/cache/oidc-login`
}
