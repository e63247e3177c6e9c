import type { System } from '../system/index.ts'
import type { SignInSettings } from './settings.ts'

/**
 * Whether a browser opened here would be seen by nobody: this is a session of SSH or a container,
 * and it has no display. A browser that the user has named is believed in.
 */
export function hasNoBrowser(
  { env, files }: Pick<System, 'env' | 'files'>,
  { browserCommand }: Pick<SignInSettings, 'browserCommand'>,
): boolean {
  const isSet = (name: string): boolean => (env[name] ?? '') !== ''
  if (browserCommand !== undefined || ways.some(isSet)) return false
  return remoteSession.some(isSet) || container.some(isSet) || containerFiles.some(exists)

  function exists(path: string): boolean {
    return files.modifiedAt(path) !== undefined
  }
}

/** Each leads to a browser: a display, an editor that forwards, Windows around a WSL. */
const ways = ['BROWSER', 'DISPLAY', 'WAYLAND_DISPLAY', 'WSL_DISTRO_NAME']

/** Set by sshd, see ssh(1). */
const remoteSession = ['SSH_CONNECTION', 'SSH_CLIENT', 'SSH_TTY']

/** Set by systemd-nspawn, podman and LXC, and by Kubernetes. */
const container = ['container', 'KUBERNETES_SERVICE_HOST']

/** Left by Docker and by podman. */
const containerFiles = ['/.dockerenv', '/run/.containerenv']
