import { installFromDebian } from './debian.ts'
import type { Found } from './found.ts'
import { onPath } from './on-path.ts'

const programs = ['gnome-keyring-daemon', 'dbus-run-session', 'dbus-send', 'secret-tool']
// dbus-bin and dbus-daemon are parts of dbus on older systems.
const packages = ['gnome-keyring', 'dbus', 'dbus-bin', 'dbus-daemon', 'libsecret-tools']

/** Finds gnome-keyring and what runs it apart from the desktop: the PATH, or Debian's packages. */
export function findGnomeKeyring(): Found {
  if (process.platform !== 'linux') return { kind: 'missing', reason: 'it exists on Linux only' }
  if (missing().length > 0) installFromDebian(packages)
  const lacking = missing()
  const path = onPath(['gnome-keyring-daemon'])
  if (path && lacking.length === 0) return { kind: 'found', path }
  return { kind: 'missing', reason: `install ${lacking.join(', ')}` }
}

function missing(): string[] {
  return programs.filter((name) => onPath([name]) === undefined)
}
