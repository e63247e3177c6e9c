import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { signInThroughForm } from '../../test/world/login-driver.ts'
import { startScriptedProvider } from '../../test/world/scripted-provider.ts'
import { type TestSystemOptions, testSystem } from '../../test/world/system.ts'
import { stopped } from '../../test/world/world.ts'
import { diskStore, type Session, type SessionIdentity, sessionKey } from '../session/index.ts'
import { type Files, nodeFiles } from '../system/index.ts'
import { obtainSession } from './obtain-session.ts'
import type { ObtainSettings } from './settings.ts'

/** A provider that approves at once, and a person whose browser goes there. */
async function world(doors: TestSystemOptions = {}) {
  const provider = stopped(await startScriptedProvider())
  const folder = temporaryFolder()
  const { system, ...rest } = testSystem({
    realTime: true,
    // On Linux a browser needs a display.
    env: { DISPLAY: ':0' },
    onOpen: async (url) => void signInThroughForm(url, { username: '', password: '' }),
    ...doors,
  })
  const identity: SessionIdentity = {
    issuer: provider.issuer,
    clientId: 'kubernetes',
    scopes: ['openid'],
    tokenKind: 'id_token',
    extraParameters: {},
  }
  const key = sessionKey(identity)
  const store = diskStore(system, folder)
  const settings = obtainSettings(identity)
  const obtain = (changes: Partial<ObtainSettings> = {}) =>
    obtainSession(system, store, key, { ...settings, ...changes })
  return { ...rest, provider, folder, store, key, obtain }
}

function obtainSettings(identity: SessionIdentity): ObtainSettings {
  return {
    from: 'cached',
    lockTimeoutMs: 5_000,
    coolDownMs: 60_000,
    isInteractive: false,
    signIn: {
      identity,
      provider: {
        issuer: identity.issuer,
        clientId: identity.clientId,
        certificateAuthorities: [],
        clientAuthMethod: 'auto',
        insecureSkipTlsVerify: false,
        insecureAllowHttp: false,
        requestHeaders: {},
        requestTimeoutMs: 5_000,
      },
      grantType: 'authcode',
      extraScopes: [],
      pkceMethod: 'S256',
      listenAddresses: ['127.0.0.1:0'],
      skipOpenBrowser: false,
      authenticationTimeoutMs: 10_000,
      mayReadTerminal: false,
      pushAuthorizationRequest: false,
      mayAsk: false,
    },
  }
}

function refusing(code: string, ...operations: readonly (keyof Files)[]): Files {
  const refuse = (): never => {
    throw Object.assign(new Error(code), { code })
  }
  return { ...nodeFiles, ...Object.fromEntries(operations.map((name) => [name, refuse])) }
}

test('obtainSession() gives the session although the disk is full', async () => {
  const full = refusing('ENOSPC', 'writeAtomic', 'createExclusive')
  const { obtain, opened, folder } = await world({ files: full })
  const { session, notKept } = await obtain()
  expect(session.subject).toBeDefined()
  expect(notKept).toMatchObject({
    code: 'session_unwritable',
    message: expect.stringContaining('ENOSPC'),
  })
  expect(opened).toHaveLength(1)
  expect(readdirSync(folder)).toEqual([])
})

test('obtainSession() gives the session although the home folder is read-only', async () => {
  const readOnly = refusing(
    'EROFS',
    'makePrivateFolder',
    'writeAtomic',
    'createExclusive',
    'remove',
  )
  const { obtain } = await world({ files: readOnly })
  expect(await obtain()).toMatchObject({ notKept: { code: 'session_unwritable' } })
})

test('obtainSession() uses what another process stored while it waited for the lock', async () => {
  const { obtain, opened, store, key } = await world()
  const { session } = await obtain()
  await store.write(key, { ...session, username: 'stored by another process' })
  expect((await obtain()).session.username).toBe('stored by another process')
  expect(opened).toHaveLength(1)
})

test('obtainSession() leaves no lock and no other file behind', async () => {
  const { obtain, folder, key } = await world()
  await obtain()
  expect(readdirSync(folder)).toEqual([`${key.name}.json`])
})

test('obtainSession() remembers a refusal and forgets it after a success', async () => {
  const { obtain, provider, folder, key } = await world()
  provider.hooks.authorize = ({ state, iss }) => ({ state, iss, error: 'access_denied' })
  await expect(obtain()).rejects.toMatchObject({ code: 'sign_in_refused' })
  await expect(obtain()).rejects.toMatchObject({ code: 'cooling_down' })
  delete provider.hooks.authorize
  await obtain({ from: 'sign-in' })
  expect(readdirSync(folder)).toEqual([`${key.name}.json`])
})

test('obtainSession() hands a new session out before it is kept and before the browser is told', async () => {
  const order: string[] = []
  const { obtain, folder, key } = await world({
    onOpen: async (url) => {
      const { html } = await signInThroughForm(url, { username: '', password: '' })
      order.push(html.includes('signed in') ? 'page' : html)
    },
  })
  const { session } = await obtain({
    onSignedIn: (handedOut) => order.push(handedOut.token, ...readdirSync(folder)),
  })
  await expect.poll(() => order).toEqual([session.token, expect.stringMatching(/\.lock$/), 'page'])
  expect(readdirSync(folder)).toEqual([`${key.name}.json`])
})

test('obtainSession() keeps a session, and tells the browser, although it cannot be handed out', async () => {
  const pages: string[] = []
  const { obtain, folder, key, store } = await world({
    onOpen: async (url) => {
      pages.push((await signInThroughForm(url, { username: '', password: '' })).html)
    },
  })
  const unwritable = new Error('nobody reads it')
  const onSignedIn = (): never => {
    throw unwritable
  }
  await expect(obtain({ onSignedIn })).rejects.toBe(unwritable)
  expect(readdirSync(folder)).toEqual([`${key.name}.json`])
  expect((await store.read(key)).kind).toBe('found')
  await expect.poll(() => pages).toEqual([expect.stringContaining('signed in')])
})

test('obtainSession() hands nothing out early that is not a new sign-in', async () => {
  const { obtain, opened } = await world()
  const handedOut: string[] = []
  const onSignedIn = ({ token }: Session): void => void handedOut.push(token)
  const { session } = await obtain({ onSignedIn })
  await obtain({ onSignedIn })
  await obtain({ onSignedIn, from: 'refresh' })
  expect(handedOut).toEqual([session.token])
  expect(opened).toHaveLength(1)
})
