import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errorCodes } from '../../src/errors.ts'
import { temporaryFolder } from '../../test/world/folder.ts'
import { checkErrorTests } from './error-tests.ts'

test('an error code without a test whose title begins with it is a complaint', () => {
  const root = temporaryFolder()
  mkdirSync(join(root, 'errors'))
  writeFileSync(join(root, 'errors', 'one.test.ts'), "test('`lock_timed_out`: it waits', run)")
  writeFileSync(join(root, 'errors', 'two.test.ts'), 'const cases = { "`cooling_down`: a": run }')
  writeFileSync(join(root, 'helper.ts'), "test('`usage_invalid`: not a test file', run)")
  const complaints = checkErrorTests(root)
  expect(complaints.filter((text) => /lock_timed_out|cooling_down/.test(text))).toEqual([])
  expect(complaints).toContainEqual(expect.stringContaining('provokes usage_invalid:'))
  expect(complaints.length).toBeLessThanOrEqual(errorCodes.length - 2)
})
