import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { startProvider } from '../world/provider.ts'
import { computer, stopped, tokenOf } from '../world/world.ts'
import {
  chromiumPath,
  openWindow,
  signInAsJohn,
  takePicture,
  type WindowOptions,
} from './browser.ts'

const authorizationUrl = /https:\/\/localhost:\d+\/auth\?\S+/

/** John has called get-token and visits the printed URL with a real browser. */
async function atTheLoginForm(window: WindowOptions = {}) {
  const john = await computer()
  const provider = stopped(await startProvider({ authority: john.authority }))
  const run = john.start(['get-token', ...john.options(provider.issuer), '--skip-open-browser'])
  const [url] = await run.said(authorizationUrl)
  const page = await (await openWindow(window)).newPage()
  await page.goto(url)
  return { john, provider, run, page }
}

async function expectNothingFromOutside(page: Page): Promise<void> {
  const resources = await page.evaluate(() =>
    performance.getEntriesByType('resource').map((entry) => entry.name),
  )
  expect(resources.filter((name) => !name.endsWith('/favicon.ico'))).toEqual([])
}

describe.skipIf(!chromiumPath)('the browser sign-in in Chromium', () => {
  const windows: readonly (WindowOptions & { name: string })[] = [
    { name: 'light', colorScheme: 'light' },
    { name: 'dark', colorScheme: 'dark' },
    { name: 'phone', colorScheme: 'light', width: 390 },
    { name: 'phone-dark', colorScheme: 'dark', width: 390 },
  ]

  test.each(windows)('John signs in and sees the success page ($name)', async (window) => {
    const { run, page } = await atTheLoginForm(window)
    await takePicture(page, `login-form-${window.name}`)
    await signInAsJohn(page)
    await page.getByText('john', { exact: false }).first().waitFor()
    expect(await page.title()).toMatch(/signed in/i)
    await takePicture(page, `signed-in-${window.name}`)
    await expectNothingFromOutside(page)
    const width = await page.evaluate('document.documentElement.scrollWidth')
    expect(width).toBeLessThanOrEqual(window.width ?? 1000)
    const { exitCode, stdout } = await run.ended
    expect(exitCode).toBe(0)
    expect(tokenOf(stdout).split('.')).toHaveLength(3)
  })

  test.each(windows)('John cancels and reads what happened ($name)', async (window) => {
    const { run, page } = await atTheLoginForm(window)
    await page.getByRole('button', { name: /cancel/i }).click()
    await page
      .getByText(/access_denied/)
      .first()
      .waitFor()
    await takePicture(page, `refused-${window.name}`)
    expect((await run.ended).exitCode).toBe(4)
  })

  test.each(windows)('the error page gives the real reason ($name)', async (window) => {
    const { run, page, provider } = await atTheLoginForm(window)
    provider.faults.always('token', { status: 500, body: 'oops' })
    await signInAsJohn(page)
    await page
      .getByText(/status 500/)
      .first()
      .waitFor()
    await takePicture(page, `error-${window.name}`)
    expect((await run.ended).exitCode).toBe(3)
  })

  test('the program ends although the browser keeps its connections', async () => {
    const { run, page } = await atTheLoginForm()
    await signInAsJohn(page)
    expect((await run.ended).exitCode).toBe(0)
    expect(page.isClosed()).toBe(false)
  })
})
