import { spawnSync } from 'node:child_process'
import type { Found } from './found.ts'
import { onPath } from './on-path.ts'

const programs = ['gnome-keyring-daemon', 'dbus-run-session', 'dbus-send', 'secret-tool']
const packages = ['gnome-keyring', 'dbus', 'dbus-bin', 'dbus-daemon', 'libsecret-tools']

/** Finds gnome-keyring and what runs it apart from the desktop: the PATH, or Debian's packages. */
export function findGnomeKeyring(): Found {
  if (process.platform !== 'linux') return { kind: 'missing', reason: 'it exists on Linux only' }
  if (missing().length > 0) installFromDebian()
  const lacking = missing()
  const path = onPath(['gnome-keyring-daemon'])
  if (path && lacking.length === 0) return { kind: 'found', path }
  return { kind: 'missing', reason: `install ${lacking.join(', ')}` }
}

function missing(): string[] {
  return programs.filter((name) => onPath([name]) === undefined)
}

function installFromDebian(): void {
  const isRoot = process.getuid?.() === 0
  const asRoot = isRoot ? [] : ['sudo', '-n']
  // Somebody's own computer gets packages only from its owner; a CI runner lets us by sudo.
  if (!onPath(['apt-get']) || !(isRoot || (process.env.CI && onPath(['sudo'])))) return
  console.log(`Installing gnome-keyring (apt-get install ${packages.join(' ')}) ...`)
  apt([...asRoot, 'apt-get', 'update', '-q'])
  // dbus-bin and dbus-daemon are parts of dbus on older systems: one by one, the others still install.
  for (const name of packages) {
    apt([...asRoot, 'apt-get', 'install', '-yq', '--no-install-recommends', name])
  }
}

function apt([command = '', ...args]: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync(command, args, { stdio: 'ignore', env })
}
