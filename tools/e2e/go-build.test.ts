import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { type GoProgram, goBuildOnce } from './go-build.ts'

/** A folder with a module, and a `go` that writes down how often it was asked to build. */
function scene() {
  const folder = temporaryFolder()
  const module = join(folder, 'module')
  for (const name of ['module', 'path']) mkdirSync(join(folder, name))
  writeFileSync(join(module, 'go.sum'), '')
  const pin = (version: string): void =>
    writeFileSync(join(module, 'go.mod'), `require example.com/tool ${version}`)
  pin('v1')
  const go = join(folder, 'path', 'go')
  writeFileSync(go, `#!/bin/sh\necho built >> ${folder}/builds\n: > "$5"\nchmod +x "$5"\n`)
  chmodSync(go, 0o755)
  const path = process.env.PATH
  process.env.PATH = [join(folder, 'path'), path].join(delimiter)
  onTestFinished(() => {
    process.env.PATH = path
  })
  const program: GoProgram = { name: 'tool', folder: module, package: 'example.com/tool' }
  return {
    pin,
    build: (more: Partial<GoProgram> = {}) => goBuildOnce({ ...program, ...more }, folder),
    countBuilds: () => readFileSync(join(folder, 'builds'), 'utf8').split('\n').length - 1,
  }
}

describe.skipIf(process.platform === 'win32')('a program of a Go module', () => {
  test('is built once', () => {
    const { build, countBuilds } = scene()
    const built = build()
    expect(existsSync(built ?? '')).toBe(true)
    expect(build()).toBe(built)
    expect(countBuilds()).toBe(1)
  })

  test('is built again when another version is pinned, or another variable set', () => {
    const { build, pin, countBuilds } = scene()
    build()
    pin('v2')
    build()
    build()
    expect(countBuilds()).toBe(2)
    build({ variables: ['example.com/tool.version=v2'] })
    expect(countBuilds()).toBe(3)
  })
})
