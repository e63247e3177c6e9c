import type { System } from '../../system/index.ts'
import { reasonForNoBrowser } from '../no-browser.ts'
import type { SignInSettings } from '../settings.ts'

/**
 * Sends the user to a page: opens the browser and prints the URL too, because nobody can be sure
 * that a browser has really opened.
 */
export async function inviteToBrowser(
  system: Pick<System, 'browser' | 'env' | 'files' | 'process' | 'terminal'>,
  settings: Pick<SignInSettings, 'skipOpenBrowser' | 'browserCommand' | 'mayReadTerminal'>,
  url: URL,
): Promise<void> {
  const paste = settings.mayReadTerminal
    ? '\nIf the browser runs on another computer, paste here the address that it ends on.'
    : ''
  const refusal = reasonNotToOpen(system, settings)
  if (refusal !== undefined) {
    system.terminal.stderr(
      `${refusal}To sign in, visit this URL in your browser:\n\n  ${url.href}\n${paste}`,
    )
    return
  }
  system.terminal.stderr(
    `Opening your browser to sign in. If it does not open, visit this URL:\n\n  ${url.href}\n${paste}`,
  )
  openInBackground(system, settings, url)
}

/**
 * Opens a page that the user has been told of. The answer may come while a slow opener still
 * starts, so nobody waits for it; a failure is told on stderr.
 */
export function openInBackground(
  system: Pick<System, 'browser' | 'terminal'>,
  settings: Pick<SignInSettings, 'browserCommand'>,
  url: URL,
): void {
  void open(system, settings, url)
}

/** Why the URL is only printed, as a sentence; empty when the user wants it so. */
function reasonNotToOpen(
  system: Pick<System, 'env' | 'files' | 'process'>,
  settings: Pick<SignInSettings, 'skipOpenBrowser' | 'browserCommand'>,
): string | undefined {
  if (settings.skipOpenBrowser) return ''
  const reason = reasonForNoBrowser(system, settings)
  return reason === undefined ? undefined : `No browser is opened here: ${reason}. `
}

async function open(
  system: Pick<System, 'browser' | 'terminal'>,
  settings: Pick<SignInSettings, 'browserCommand'>,
  url: URL,
): Promise<void> {
  try {
    await system.browser.open(url.href, { command: settings.browserCommand })
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown error'
    system.terminal.stderr(
      `The browser could not be opened: ${why.replaceAll(url.href, 'the URL')}. Please visit the URL above.`,
    )
  }
}
