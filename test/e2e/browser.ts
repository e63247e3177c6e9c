import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, onTestFinished } from 'vitest'
import type { AtEnd } from '../world/gateway/at-end.ts'

/** The Chromium that the suite was given; without one its tests are skipped. */
export const chromiumPath: string | undefined = process.env.CHROMIUM

/** How the window looks. */
export interface WindowOptions {
  readonly colorScheme?: 'light' | 'dark'
  /** Width in CSS pixels. */
  readonly width?: number
}

let running: Promise<Browser> | undefined
afterAll(async () => await (await running)?.close())

/** Opens a window of the real Chromium with an empty profile; it closes when the test ends, or when `atEnd` says. */
export async function openWindow(
  options: WindowOptions = {},
  atEnd: AtEnd = onTestFinished,
): Promise<BrowserContext> {
  running ??= chromium.launch({
    ...(chromiumPath ? { executablePath: chromiumPath } : {}),
    // root, as in a container, has no user namespace to put the sandbox into.
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  })
  const window = await (await running).newContext({
    // The provider's certificate comes from an authority that only the test knows.
    ignoreHTTPSErrors: true,
    colorScheme: options.colorScheme ?? 'light',
    viewport: { width: options.width ?? 1000, height: 720 },
  })
  atEnd(async () => await window.close())
  return window
}

/** Types John's name and password into the login form of the provider, and sends it. */
export async function signInAsJohn(page: Page): Promise<void> {
  await page.getByLabel(/user/i).fill('john')
  await page.getByLabel(/password/i).fill('john-password')
  await page.getByRole('button', { name: /sign in|log in/i }).click()
}

/** Keeps a picture of the page in `screenshots/`, for people to look at. */
export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync('screenshots', { recursive: true })
  await page.screenshot({ path: join('screenshots', `${name}.png`), fullPage: true })
}
