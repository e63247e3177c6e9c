import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Most tests wait for a process of their own: a core kept free for the runner would idle.
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      project('unit', [
        'src/**/*.test.ts',
        'test/world/**/*.test.ts',
        'test/cluster/**/*.test.ts',
        'test/bench/**/*.test.ts',
        'tools/**/*.test.ts',
      ]),
      project(
        'integration',
        [
          'test/integration/**/*.test.ts',
          'test/regressions/**/*.test.ts',
          'test/package/**/*.test.ts',
        ],
        60_000,
      ),
      project('e2e', ['test/e2e/**/*.test.ts'], 180_000, [
        'test/e2e/keycloak/global-setup.ts',
        'test/cluster/global-setup.ts',
      ]),
    ],
  },
})

function project(name: string, include: string[], timeoutMs = 15_000, globalSetup: string[] = []) {
  return {
    test: {
      name,
      include,
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      globalSetup,
      setupFiles: ['test/world/setup.ts'],
    },
  }
}
