import type { Found } from './found.ts'
import { goBuildOnce } from './go-build.ts'

/** Finds dex: `$DEX`, or built from its Go module, which `test/e2e/dex` pins; that needs a C compiler. */
export function findDex(): Found {
  const path =
    process.env.DEX ??
    goBuildOnce({
      name: 'dex',
      folder: 'test/e2e/dex',
      package: 'github.com/dexidp/dex/cmd/dex',
    })
  if (path) return { kind: 'found', path }
  return { kind: 'missing', reason: 'install Go and a C compiler, or name it with DEX=/path' }
}
