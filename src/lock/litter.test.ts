import { readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { nodeFiles } from '../system/index.ts'
import { removeQuietly, sweepLitter } from './litter.ts'

const hourMs = 60 * 60 * 1000

test('only claims and temporary files of this lock that are older than an hour are swept', () => {
  const folder = temporaryFolder()
  const now = Date.now()
  const old = new Date(now - hourMs - 1_000)
  const names = [
    'a.lock',
    'a.lock.01.takeover',
    'a.lock.7-k-1.tmp',
    'a.lock.notes',
    'b.lock.01.takeover',
  ]
  for (const name of names) {
    writeFileSync(join(folder, name), '')
    utimesSync(join(folder, name), old, old)
  }
  writeFileSync(join(folder, 'a.lock.02.takeover'), '')
  sweepLitter(nodeFiles, join(folder, 'a.lock'), now)
  expect(readdirSync(folder).sort()).toEqual([
    'a.lock',
    'a.lock.02.takeover',
    'a.lock.notes',
    'b.lock.01.takeover',
  ])
})

test('litter that cannot be deleted is left', () => {
  const refuse = (): never => {
    throw Object.assign(new Error('EACCES'), { code: 'EACCES' })
  }
  const files = { list: () => ['a.lock.01.takeover'], modifiedAt: () => 0, remove: refuse }
  expect(() => sweepLitter(files, '/x/a.lock', 2 * hourMs)).not.toThrow()
  expect(() => sweepLitter({ ...files, list: refuse }, '/x/a.lock', 2 * hourMs)).not.toThrow()
})

test('a fault of the program is not taken for a refusal of the system', () => {
  const fail = (): never => {
    throw new TypeError('a fault')
  }
  expect(() => removeQuietly({ remove: fail }, '/x/a.lock')).toThrow('a fault')
})
