import { spawnSync } from 'node:child_process'
import { onPath } from './on-path.ts'

/**
 * Installs packages of Debian. Somebody's own computer gets them only from its owner: nothing happens
 * unless we are root, or a CI runner lets us by sudo.
 */
export function installFromDebian(packages: readonly string[]): void {
  const isRoot = process.getuid?.() === 0
  const asRoot = isRoot ? [] : ['sudo', '-n']
  if (!onPath(['apt-get']) || !(isRoot || (process.env.CI && onPath(['sudo'])))) return
  console.log(`Installing what is missing (apt-get install ${packages.join(' ')}) ...`)
  apt([...asRoot, 'apt-get', 'update', '-q'])
  // A package may be a part of another one on older systems: one by one, the others still install.
  for (const name of packages) {
    apt([...asRoot, 'apt-get', 'install', '-yq', '--no-install-recommends', name])
  }
}

function apt([command = '', ...args]: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync(command, args, { stdio: 'ignore', env })
}
