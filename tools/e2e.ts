/**
 * Runs the end-to-end suite: finds, installs or builds what it needs, says what it skips and why, and
 * skips nothing in CI.
 */
import { spawnSync } from 'node:child_process'
import { findChromium } from './e2e/chromium.ts'
import { controlPlaneNeeds } from './e2e/control-plane.ts'
import { findDex } from './e2e/dex.ts'
import { findExecutable } from './e2e/executable.ts'
import type { Need } from './e2e/found.ts'
import { findGnomeKeyring } from './e2e/gnome-keyring.ts'
import { findHelmVersions } from './e2e/helm.ts'
import { findKeycloak } from './e2e/keycloak.ts'
import { findKubectl } from './e2e/kubectl.ts'
import { findKubectlVersions } from './e2e/kubectl-versions.ts'

const needs: readonly Need[] = [
  { variable: 'KUBECTL', find: findKubectl },
  { variable: 'KUBECTL_VERSIONS', find: findKubectlVersions },
  { variable: 'HELM_VERSIONS', find: findHelmVersions },
  { variable: 'CHROMIUM', find: findChromium },
  { variable: 'GNOME_KEYRING', find: findGnomeKeyring },
  { variable: 'KEYCLOAK', find: findKeycloak },
  { variable: 'DEX', find: findDex },
  ...controlPlaneNeeds,
]

const environment: Record<string, string> = {}
let missing = 0
for (const { variable, find } of needs) {
  const found = find()
  if (found.kind === 'found') {
    console.log(`${variable}=${found.path}`)
    environment[variable] = found.path
  } else {
    missing += 1
    console.log(`Tests that need ${variable} are skipped: ${found.reason}`)
  }
}

if (missing > 0 && process.env.CI) {
  console.error('In CI nothing may be skipped.')
  process.exit(1)
}

/**
 * What a runtime can do differently: terminal, browser, keychain, signals, TLS, whose a connection is; and kubectl as the
 * caller.
 */
const decisive = [
  ...['daily-job', 'keyring', 'paste', 'setup'].map((name) => `test/e2e/${name}.test.ts`),
  'test/integration/other-user.test.ts',
]

/** The client before real peers: all of it is tried with the executable before a release. */
const client = [
  ...decisive,
  'test/e2e/sign-in',
  'test/e2e/kubectl-versions',
  'test/e2e/dex',
  'test/e2e/keycloak',
]

const [first, ...rest] = process.argv.slice(2)
if (first === '--executable') process.exit(await runWithExecutable(rest.length > 0 ? rest : client))
const status = run(process.argv.slice(2), environment)
process.exit(first === undefined ? status || (await runWithExecutable(decisive)) : status)

/** Runs tests of the client with the executable in the place of the package. */
async function runWithExecutable(files: readonly string[]): Promise<number> {
  const found = await findExecutable()
  if (found.kind === 'missing') {
    console.log(`Tests of the executable are skipped: ${found.reason}`)
    return process.env.CI ? 1 : 0
  }
  console.log(`The same with the executable, PLUGIN=${found.path}`)
  return run(['--project', 'integration', ...files], { ...environment, PLUGIN: found.path })
}

function run(args: readonly string[], variables: Readonly<Record<string, string>>): number {
  const { status } = spawnSync('vitest', ['run', '--project', 'e2e', ...args], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...variables },
  })
  return status ?? 1
}
