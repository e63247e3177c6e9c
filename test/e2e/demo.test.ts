import { spawnSync } from 'node:child_process'
import { delimiter, dirname, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../world/folder.ts'
import { kubectlPath } from './kubectl.ts'

test.runIf(kubectlPath)('npm run demo -- --auto shows the main job with a real kubectl', () => {
  const folder = temporaryFolder()
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [resolve('node_modules', 'tsx', 'dist', 'cli.mjs'), 'demo/main.ts', '--auto'],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${dirname(kubectlPath ?? '')}${delimiter}${process.env.PATH ?? ''}`,
        HOME: folder,
        USERPROFILE: folder,
      },
    },
  )
  expect(status, stderr).toBe(0)
  expect(stdout).toMatch(/^\$ kubectl oidc-login setup https:\/\/localhost:\d+ /m)
  expect(stdout.match(/^kubernetes +ClusterIP +10\.96\.0\.1 /gm)).toHaveLength(2)
  expect(stdout).toContain('who     john, groups developers')
  expect(stderr).toContain('Error from server (Forbidden): pods is forbidden: User "john" cannot')
  expect(stderr.match(/Opening your browser to sign in/g)).toHaveLength(1)
  expect(stdout + stderr).not.toMatch(/eyJ[\w-]{8,}/)
})
