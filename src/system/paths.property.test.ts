import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinPath, resolvePath } from './paths.ts'

const part = fc.constantFrom('', '.', '..', '.kube', 'a', 'a b', '...', '~', 'ü', '\\', 'C:')
const path = fc
  .tuple(fc.boolean(), fc.array(part, { maxLength: 5 }))
  .map(([isAbsolute, parts]) => (isAbsolute ? '/' : '') + parts.join('/'))

test('joinPath() and resolvePath() answer as node:path does', () => {
  fc.assert(
    fc.property(path, fc.array(path, { minLength: 1, maxLength: 3 }), (first, others) => {
      expect(joinPath(first, ...others)).toBe(join(first, ...others))
      expect(resolvePath(first)).toBe(resolve(first))
    }),
    { numRuns: 2000 },
  )
})
