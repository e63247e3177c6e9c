import { expect, test } from 'vitest'
import type { System } from './index.ts'
import { browserAvailability } from './index.ts'

interface Place {
  readonly platform?: NodeJS.Platform
  readonly env?: System['env']
  /** Files that exist, with their contents. */
  readonly files?: Readonly<Record<string, string>>
}

function judge({ platform = 'linux', env = {}, files = {} }: Place) {
  const real: System['files'] = {
    read: (path) => {
      const text = files[path]
      return text === undefined ? undefined : { text, ownerUid: 0 }
    },
    modifiedAt: (path) => (path in files ? 1 : undefined),
    writeAtomic: () => undefined,
    replaceContents: () => undefined,
    createExclusive: () => false,
    rename: () => undefined,
    remove: () => false,
    removeFolder: () => false,
    makePrivateFolder: () => undefined,
    list: () => [],
  }
  const process = { pid: 1, uid: 1, platform, home: '/home/john', startedAt: 0, parentPid: 2 }
  return browserAvailability({ env, files: real, process })
}

const ssh = { SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' }

test.each<[string, Place, RegExp]>([
  ['a Linux desktop', { env: { DISPLAY: ':0' } }, /graphical display/],
  ['a Wayland desktop', { env: { WAYLAND_DISPLAY: 'wayland-0' } }, /graphical display/],
  ['SSH with a forwarded display', { env: { ...ssh, DISPLAY: 'localhost:10.0' } }, /display/],
  ['macOS', { platform: 'darwin' }, /desktop/],
  ['Windows', { platform: 'win32' }, /desktop/],
  ['WSL', { env: { WSL_DISTRO_NAME: 'Debian' } }, /Windows/],
  ['WSL with windows of its own', { env: { WSL_INTEROP: '/run/WSL/1', DISPLAY: ':0' } }, /Windows/],
  [
    'WSL behind sudo',
    { files: { '/proc/version': 'Linux version 5.15.1-microsoft-standard-WSL2' } },
    /Windows/,
  ],
  [
    'Codespaces',
    { env: { CODESPACES: 'true', BROWSER: '/vscode/bin/helpers/browser.sh' } },
    /\$BROWSER/,
  ],
  [
    'a development container',
    { env: { BROWSER: '/vscode/browser.sh' }, files: { '/.dockerenv': '' } },
    /\$BROWSER/,
  ],
])('there is a browser to open on %s', (_, place, reason) => {
  const { isAvailable, reason: said } = judge(place)
  expect(isAvailable).toBe(true)
  expect(said).toMatch(reason)
})

test.each<[string, Place, RegExp]>([
  ['a server', {}, /no graphical display/],
  ['SSH', { env: ssh }, /SSH session without a display/],
  ['SSH to macOS', { platform: 'darwin', env: ssh }, /another computer/],
  ['SSH to Windows', { platform: 'win32', env: ssh }, /another computer/],
  ['SSH into WSL', { env: { ...ssh, WSL_DISTRO_NAME: 'Debian' } }, /SSH/],
  ['a Docker container', { files: { '/.dockerenv': '' } }, /container/],
  ['a Podman container', { files: { '/run/.containerenv': '' } }, /container/],
  ['a pod', { env: { KUBERNETES_SERVICE_HOST: '10.96.0.1' } }, /container/],
  [
    'a container on WSL',
    { files: { '/.dockerenv': '', '/proc/version': 'microsoft-standard-WSL2' } },
    /container/,
  ],
  ['a codespace without $BROWSER', { env: { CODESPACES: 'true' } }, /codespace/],
  ['a desktop whose user wants none', { env: { BROWSER: 'none', DISPLAY: ':0' } }, /none/],
])('there is no browser to open on %s', (_, place, reason) => {
  const { isAvailable, reason: said } = judge(place)
  expect(isAvailable).toBe(false)
  expect(said).toMatch(reason)
})
