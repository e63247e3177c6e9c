import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { describe, expect, test, vi } from 'vitest'
import { hasPseudoTerminal } from '../world/pseudo-terminal.ts'
import { expireSession, sessionFiles } from '../world/sessions.ts'
import { chromiumPath, openWindow, signInAsJohn } from './browser.ts'
import { cluster, kubectlPath } from './kubectl.ts'

const forbidden =
  'Error from server (Forbidden): pods is forbidden: User "john" cannot list resource "pods" in API group "" in the namespace "default"\n'

describe.skipIf(!kubectlPath)('the daily job with the real kubectl', () => {
  test.skipIf(!chromiumPath)('kubectl get svc signs John in with a real browser', async () => {
    const { start, kubectl, user } = await cluster({}, ['--skip-open-browser'])
    const run = start('get', 'svc')
    const url = await vi.waitUntil(
      () => /https:\/\/localhost:\d+\/auth\?\S+/.exec(run.stderr())?.[0],
      {
        timeout: 20_000,
      },
    )
    const page = await (await openWindow()).newPage()
    await page.goto(url)
    await signInAsJohn(page)
    const { exitCode, stdout, stderr } = await run.ended
    expect(exitCode, stderr).toBe(0)
    expect(stdout).toMatch(/^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\n/)
    expect(stdout).toMatch(/^kubernetes +ClusterIP /m)

    expect(await kubectl('get', 'pods')).toEqual({ exitCode: 1, stdout: '', stderr: forbidden })
    expect(await kubectl('get', 'svc')).toMatchObject({ exitCode: 0, stderr: '' })
    expect(
      await kubectl('auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'),
    ).toMatchObject({
      exitCode: 0,
      stdout: 'john',
    })

    const logout = await kubectl('oidc-login', 'logout', '--skip-open-browser')
    expect(logout.exitCode).toBe(0)
    expect(sessionFiles(user.sessions)).toEqual([])
    const again = start('get', 'svc')
    await vi.waitUntil(() => again.stderr().includes('visit this URL'), { timeout: 20_000 })
  })

  test('20 parallel kubectl with an expired session make one refresh', async () => {
    const { kubectl, user, provider } = await cluster()
    expect((await kubectl('get', 'svc')).exitCode).toBe(0)
    expireSession(user.sessions)
    const results = await Promise.all(Array.from({ length: 20 }, () => kubectl('get', 'svc')))
    expect(results.map(({ exitCode }) => exitCode)).toEqual(Array(20).fill(0))
    const refreshes = provider.requests.filter(({ grantType }) => grantType === 'refresh_token')
    expect(refreshes).toHaveLength(1)
    expect(user.openedPages()).toBe(1)
  })

  test('20 parallel kubectl without a session open one browser', async () => {
    const { kubectl, user } = await cluster()
    const results = await Promise.all(Array.from({ length: 20 }, () => kubectl('get', 'svc')))
    expect(results.map(({ exitCode }) => exitCode)).toEqual(Array(20).fill(0))
    expect(user.openedPages()).toBe(1)
  })

  test.runIf(hasPseudoTerminal)(
    'one kubectl in a terminal opens one browser, however it ends',
    async () => {
      const { user, environment } = await cluster({ cancel: true })
      const line = `'${kubectlPath}' get svc`
      const child = spawn('script', ['-qefc', line, '/dev/null'], {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, ...environment },
      })
      const screen = await text(child.stdout)
      // kubectl asks for a credential again and again before it gives up.
      expect(screen.match(/the last one failed/g)?.length).toBeGreaterThan(0)
      expect(user.openedPages()).toBe(1)
    },
  )

  test('kubectl shows what the plugin says when the sign-in is refused', async () => {
    const { kubectl } = await cluster({ cancel: true })
    const { exitCode, stderr } = await kubectl('get', 'svc')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('The sign-in was refused: access_denied')
  })
})
