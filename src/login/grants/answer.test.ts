import { expect, test } from 'vitest'
import { testSystem } from '../../../test/world/system.ts'
import { OidcLoginError } from '../../errors.ts'
import type { CallbackListener } from '../callback/index.ts'
import { awaitAnswer } from './answer.ts'
import type { GrantContext } from './grant.ts'

const issuer = 'https://sso.example.com'

/** A sign-in that waits for its answer; the browser does not come unless a test says so. */
function waiting(typed?: readonly string[]) {
  const test = testSystem(typed ? { typed } : {})
  const browser = deferred()
  const listener: CallbackListener = {
    redirectUri: 'http://localhost:8000',
    received: browser.promise,
    rehearse: async () => undefined,
    finish: async () => undefined,
    close: () => undefined,
  }
  const context = {
    system: test.system,
    provider: { metadata: { issuer } },
    settings: { authenticationTimeoutMs: 180_000, mayReadTerminal: typed !== undefined },
  } as unknown as GrantContext
  const answer = awaitAnswer(context, listener, {
    state: 'the-state',
    signal: test.system.interrupted,
  })
  return { ...test, answer, comeBack: browser.resolve }
}

function deferred() {
  let resolve: (value: { parameters: URLSearchParams }) => void = () => undefined
  const promise = new Promise<{ parameters: URLSearchParams }>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

test('awaitAnswer() takes what the browser brings', async () => {
  const { answer, comeBack } = waiting()
  comeBack({ parameters: new URLSearchParams('code=a') })
  expect((await answer).get('code')).toBe('a')
})

test('awaitAnswer() takes a redirect URL that is pasted, and refuses one of another sign-in', async () => {
  const { answer, stderr } = waiting([
    '',
    'hello',
    'http://localhost:8000/?code=b&state=another',
    'http://localhost:8000/?code=c&state=the-state&iss=https%3A%2F%2Fsso.example.com',
  ])
  expect((await answer).get('code')).toBe('c')
  expect(stderr()).toMatch(
    /^Not accepted.*not a whole address.*\nNot accepted.*not that of this sign-in/,
  )
  expect(stderr()).not.toContain('code=')
})

test('awaitAnswer() goes on waiting for the browser when stdin ends', async () => {
  const { answer, comeBack } = waiting([])
  await new Promise((done) => setImmediate(done))
  comeBack({ parameters: new URLSearchParams('code=a') })
  expect((await answer).get('code')).toBe('a')
})

test('awaitAnswer() ends with the time of the user', async () => {
  const { answer, advance } = waiting()
  advance(180_000)
  await expect(answer).rejects.toMatchObject({ code: 'sign_in_timed_out', exitCode: 5 })
})

test('awaitAnswer() ends at once when the user interrupts', async () => {
  const { answer, interrupt } = waiting()
  interrupt(new OidcLoginError('interrupted', 'Interrupted.'))
  await expect(answer).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 })
})
