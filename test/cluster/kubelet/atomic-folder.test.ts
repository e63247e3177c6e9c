import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../world/folder.ts'
import { writeAtomically } from './atomic-folder.ts'

function files(contents: Readonly<Record<string, string>>): ReadonlyMap<string, Buffer> {
  return new Map(Object.entries(contents).map(([name, text]) => [name, Buffer.from(text)]))
}

// Symbolic links need a right on Windows, where no kubelet of ours runs.
describe.skipIf(process.platform === 'win32')('a volume of the small kubelet', () => {
  test('changes all its files by one link', () => {
    const folder = join(temporaryFolder(), 'volume')
    writeAtomically(folder, files({ 'tls.crt': 'first', 'tls.key': 'first' }))
    const before = readlinkSync(join(folder, '..data'))
    expect(readlinkSync(join(folder, 'tls.crt'))).toBe(join('..data', 'tls.crt'))
    writeAtomically(folder, files({ 'tls.crt': 'second', 'tls.key': 'second' }))
    expect(readlinkSync(join(folder, '..data'))).not.toBe(before)
    expect(existsSync(join(folder, before))).toBe(false)
    for (const name of ['tls.crt', 'tls.key']) {
      expect(readFileSync(join(folder, name), 'utf8')).toBe('second')
    }
  })

  test('stays as it is when nothing has changed', () => {
    const folder = temporaryFolder()
    writeAtomically(folder, files({ token: 'same' }))
    const before = readlinkSync(join(folder, '..data'))
    writeAtomically(folder, files({ token: 'same' }))
    expect(readlinkSync(join(folder, '..data'))).toBe(before)
  })

  test('loses a file that is gone, and gets one that is new', () => {
    const folder = temporaryFolder()
    writeAtomically(folder, files({ old: '1', kept: '2' }))
    writeAtomically(folder, files({ kept: '2', new: '3' }))
    const visible = readdirSync(folder).filter((name) => !name.startsWith('..'))
    expect(visible.sort()).toEqual(['kept', 'new'])
    expect(readFileSync(join(folder, 'new'), 'utf8')).toBe('3')
  })
})
