import { expect, test } from 'vitest'
import { hasPseudoTerminal, startOnTerminal } from '../world/pseudo-terminal.ts'
import { storeSession } from '../world/sessions.ts'
import { computer } from '../world/world.ts'

const colour = '\u001b['

test('what goes into a pipe or a file is not coloured', async () => {
  const john = await computer()
  await storeSession(john.sessions, { issuer: 'https://sso.example.com' })
  for (const command of ['doctor', 'whoami']) {
    const { stdout } = await john.run([command, '--token-cache-dir', john.sessions])
    expect(stdout).not.toBe('')
    expect(stdout).not.toContain(colour)
  }
})

test('CLICOLOR_FORCE colours verdicts and headings all the same, but no JSON', async () => {
  const john = await computer()
  await storeSession(john.sessions, { issuer: 'https://sso.example.com' })
  const env = { CLICOLOR_FORCE: '1' }
  const doctor = await john.run(['doctor'], { env: { ...env, PATH: '' } })
  expect(doctor.stdout).toContain(`${colour}31mFAILED   ${colour}39mplugin`)
  const whoami = await john.run(['whoami'], { env })
  expect(whoami.stdout).toContain(`${colour}1mUSER`)
  for (const command of ['doctor', 'whoami']) {
    const { stdout } = await john.run([command, '-o', 'json'], { env })
    expect(stdout).not.toContain(colour)
  }
})

test.runIf(hasPseudoTerminal).each<[Record<string, string>, boolean]>([
  [{}, true],
  [{ NO_COLOR: '1' }, false],
  [{ CLICOLOR: '0' }, false],
  [{ TERM: 'dumb' }, false],
])('on a terminal with %j, verdicts are coloured: %s', async (env, isColoured) => {
  const john = await computer()
  const run = startOnTerminal(['doctor'], { home: john.home, env, isStdoutShown: true })
  const { screen } = await run.ended
  expect(screen).toContain('session-folder')
  expect(screen.includes(colour)).toBe(isColoured)
})
