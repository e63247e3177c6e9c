import { browserAvailability, findPrograms } from '../../system/index.ts'
import type { Check } from '../check.ts'

/** Whether a sign-in can open a browser here. Nothing is opened. */
export const browserCheck: Check = {
  name: 'browser',
  async run({ system, browserCommand, skipOpenBrowser }) {
    if (skipOpenBrowser) {
      return { verdict: 'ok', message: 'No browser is opened; the URL is printed.' }
    }
    if (browserCommand !== undefined) {
      return { verdict: 'ok', message: 'The program of --browser-command is run.' }
    }
    const { isAvailable, reason, opener } = browserAvailability(system)
    if (!isAvailable) {
      return {
        verdict: 'warning',
        message: `No browser is opened here: ${reason}.`,
        remedy:
          'The URL is printed: visit it with any browser, and paste the address that it ends on into the terminal.',
      }
    }
    if (opener !== undefined && findPrograms(system, opener).length === 0) {
      return {
        verdict: 'warning',
        message:
          'There is a graphical display, but xdg-open, which opens the default browser, is missing.',
        remedy: 'Install xdg-utils, set $BROWSER, or give --browser-command.',
      }
    }
    return { verdict: 'ok', message: `A browser can be opened: ${reason}.` }
  },
}
