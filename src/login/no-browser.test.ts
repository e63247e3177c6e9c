import { expect, test } from 'vitest'
import { nodeFiles } from '../system/index.ts'
import { hasNoBrowser } from './no-browser.ts'

const outside = { ...nodeFiles, modifiedAt: () => undefined }
const process = {
  pid: 1,
  uid: 1,
  platform: 'linux',
  home: '/home/john',
  startedAt: 0,
  parentPid: 2,
} as const
const ssh = { SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' }

test.each([
  ['a desk', { DISPLAY: ':0' }, false],
  ['a server without a display', {}, true],
  ['SSH', ssh, true],
  ['SSH that forwards a display', { ...ssh, DISPLAY: 'localhost:10.0' }, false],
  ['an editor that forwards the browser', { ...ssh, BROWSER: '/code-server/browser.sh' }, false],
  ['a pod', { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, true],
  ['a podman container', { container: 'podman' }, true],
  ['WSL', { WSL_DISTRO_NAME: 'Debian', SSH_CONNECTION: '' }, false],
])('hasNoBrowser() recognises %s by the environment', (_, env, expected) => {
  expect(hasNoBrowser({ env, files: outside, process }, {})).toBe(expected)
})

test('hasNoBrowser() recognises a Docker container by its file, and believes in a named browser', () => {
  const files = {
    ...nodeFiles,
    modifiedAt: (path: string) => (path === '/.dockerenv' ? 1 : undefined),
  }
  expect(hasNoBrowser({ env: {}, files, process }, {})).toBe(true)
  expect(hasNoBrowser({ env: {}, files, process }, { browserCommand: 'firefox' })).toBe(false)
})
