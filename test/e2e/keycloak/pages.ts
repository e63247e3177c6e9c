import type { Page } from 'playwright-core'
import { john, type TestAccount } from '../../world/provider-accounts.ts'

/** Types a name and a password into Keycloak's login form, and sends it. */
export async function signIn(page: Page, account: TestAccount = john): Promise<void> {
  await page.getByLabel('Username or email').fill(account.username)
  await page.getByLabel('Password', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: 'Sign In' }).click()
}

/** Whether a page is Keycloak's login form. */
export async function asksForPassword(page: Page): Promise<boolean> {
  return await page.getByLabel('Password', { exact: true }).isVisible()
}
