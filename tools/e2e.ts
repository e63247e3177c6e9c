/**
 * Runs the end-to-end suite: finds, installs or builds what it needs, says what it skips and why, and
 * skips nothing in CI.
 */
import { spawnSync } from 'node:child_process'
import { findChromium } from './e2e/chromium.ts'
import { controlPlaneNeeds } from './e2e/control-plane.ts'
import { findDex } from './e2e/dex.ts'
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

const { status } = spawnSync('vitest', ['run', '--project', 'e2e', ...process.argv.slice(2)], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, ...environment },
})
process.exit(status ?? 1)
