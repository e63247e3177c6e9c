import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { createAuthority } from './certificates.ts'
import { temporaryFolder } from './folder.ts'
import { createFormBrowser, type FormBrowserOptions } from './form-browser-launcher.ts'
import { startProvider } from './provider.ts'
import { john } from './provider-accounts.ts'
import { urlOf } from './provider-requests.ts'
import { startLoopbackServer } from './provider-server.ts'

const isWindows = process.platform === 'win32'

interface FormBrowserWorld {
  /** Opens the authorization URL and returns what the redirect URI received. */
  open(environment?: Readonly<Record<string, string>>): Promise<URLSearchParams[]>
  readonly authorizationUrl: string
  readonly logPath: string
}

async function world(options: FormBrowserOptions): Promise<FormBrowserWorld> {
  const authority = await createAuthority()
  const provider = await startProvider({ authority })
  onTestFinished(provider.stop)
  const received: URLSearchParams[] = []
  const listener = await startLoopbackServer(async (request, response) => {
    received.push(urlOf(request).searchParams)
    response.end('<p>You can close this page.</p>')
  })
  onTestFinished(listener.stop)

  const folder = join(temporaryFolder(), "a folder of o'neill")
  mkdirSync(folder)
  const [caPath, logPath] = [join(folder, 'ca.pem'), join(folder, 'log')]
  writeFileSync(caPath, provider.caPem)
  const browser = await createFormBrowser(folder, { caPath, logPath, ...options })
  const query = new URLSearchParams({
    client_id: 'kubernetes',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${listener.origin}/callback`,
    state: 'a & b',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  })
  const authorizationUrl = `${provider.issuer}/auth?${query}`
  return {
    authorizationUrl,
    logPath,
    async open(environment = {}) {
      const env = { ...process.env, ...environment }
      // Node starts a .cmd file only through a shell, which needs the URL to be quoted.
      const [file, url] = isWindows
        ? [`"${browser}"`, `"${authorizationUrl}"`]
        : [browser, authorizationUrl]
      const { stdout } = await promisify(execFile)(file, [url], { env, shell: isWindows })
      expect(stdout).toBe('')
      return received.splice(0)
    },
  }
}

it('a form browser signs in and ends at the redirect URI', async () => {
  const { username, password } = john
  const { open } = await world({ username, password })
  const [answer, ...others] = await open()
  expect(others).toEqual([])
  expect(answer?.get('state')).toBe('a & b')
  expect(answer?.has('code')).toBe(true)
})

it('a form browser logs each page that is opened, without its query', async () => {
  const { username, password } = john
  const { open, logPath, authorizationUrl } = await world({ username, password })
  expect(existsSync(logPath)).toBe(false)
  await open()
  await open()
  const [line] = authorizationUrl.split('?')
  expect(readFileSync(logPath, 'utf8')).toBe(`${line}\n${line}\n`)
})

it('a form browser lets the environment decide over what it was made with', async () => {
  const { open } = await world({ username: 'nobody', password: 'nothing', cancel: true })
  const [answer] = await open()
  expect(answer?.get('error')).toBe('access_denied')
  const [second] = await open({
    FORM_BROWSER_CANCEL: '',
    FORM_BROWSER_USERNAME: john.username,
    FORM_BROWSER_PASSWORD: john.password,
  })
  expect(second?.has('code')).toBe(true)
})

it('a form browser fails when it cannot reach the page, and shows no query', async () => {
  const { open } = await world({ caPath: '' })
  const failure: unknown = await open().catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 1 })
  const stderr = failure instanceof Error && 'stderr' in failure ? String(failure.stderr) : ''
  expect(stderr).toMatch(/^form-browser: .*certificate/)
  expect(stderr).not.toContain('client_id')
})
