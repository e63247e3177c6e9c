import type { System } from './system.ts'

/** Whether a page that we open would be seen by the user, and how that is known. */
export interface BrowserAvailability {
  readonly isAvailable: boolean
  /** Why: the end of a sentence that begins with "because", without a full stop. */
  readonly reason: string
  /** The program on the PATH without which nothing can be opened, where it depends on one. */
  readonly opener?: 'xdg-open'
}

/** What the answer is found from. */
export type Surroundings = Pick<System, 'env' | 'files' | 'process'>

/**
 * Finds out whether there is a browser to open: on a server, over SSH and in a container there is
 * none, and a program that is opened there would show its page to nobody. It only looks; nothing is
 * started. `--browser-command` is not its business: a user who names a program has one.
 */
export function browserAvailability(surroundings: Surroundings): BrowserAvailability {
  const { env } = surroundings
  if (env.BROWSER === 'none') return unavailable('$BROWSER says none')
  if (env.BROWSER) return available('$BROWSER names one')
  if (env.CODESPACES === 'true') return unavailable('this is a codespace without $BROWSER')
  switch (surroundings.process.platform) {
    case 'win32':
    case 'darwin':
      return isOverSsh(env)
        ? unavailable('this is an SSH session, whose user sits at another computer')
        : available('this is a desktop system')
    default:
      return onUnix(surroundings)
  }
}

function onUnix(surroundings: Surroundings): BrowserAvailability {
  const { env } = surroundings
  const isElsewhere = isOverSsh(env) || isContainer(surroundings)
  // Even where WSL shows windows of Linux, the user's browser is that of Windows.
  if (!isElsewhere && isWsl(surroundings)) return available('Windows opens pages for its Linux')
  // Over SSH a display is a forwarded one, so the user sees what is shown there.
  if (env.WAYLAND_DISPLAY || env.DISPLAY) {
    return { ...available('there is a graphical display'), opener: 'xdg-open' }
  }
  if (isOverSsh(env)) return unavailable('this is an SSH session without a display')
  if (isElsewhere) return unavailable('this is a container without a display')
  return unavailable('there is no graphical display')
}

function isOverSsh(env: Surroundings['env']): boolean {
  return Boolean(env.SSH_CONNECTION || env.SSH_CLIENT || env.SSH_TTY)
}

/** Files that Docker and Podman put into every container. */
const containerMarks = ['/.dockerenv', '/run/.containerenv']

function isContainer({ env, files }: Surroundings): boolean {
  return Boolean(
    env.KUBERNETES_SERVICE_HOST ||
      env.container ||
      containerMarks.some((path) => files.modifiedAt(path) !== undefined),
  )
}

/** Windows Subsystem for Linux: its environment may be cleared (sudo), its kernel's name is not. */
function isWsl({ env, files }: Surroundings): boolean {
  if (env.WSL_DISTRO_NAME || env.WSL_INTEROP) return true
  try {
    return /microsoft/i.test(files.read('/proc/version')?.text ?? '')
  } catch {
    // A sandbox may hide it.
    return false
  }
}

function available(reason: string): BrowserAvailability {
  return { isAvailable: true, reason }
}

function unavailable(reason: string): BrowserAvailability {
  return { isAvailable: false, reason }
}
