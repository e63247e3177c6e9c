import { expect, test } from 'vitest'
import { commandFirst } from './command-first.ts'
import { commonOptions } from './option-table.ts'
import { commandTable } from './program.ts'

const reorder = (...args: string[]): readonly string[] =>
  commandFirst(args, commandTable, commonOptions)

test('commandFirst() finds the command behind options, and leaves their values alone', () => {
  expect(reorder('-v=1', 'get-token', '--x')).toEqual(['get-token', '-v=1', '--x'])
  expect(reorder('-v', '1', 'clean')).toEqual(['clean', '-v', '1'])
  expect(reorder('--oidc-client-id', 'login', '--skip-open-browser', 'get-token')).toEqual([
    'get-token',
    '--oidc-client-id',
    'login',
    '--skip-open-browser',
  ])
  expect(reorder('--vmodule', 'a=1', '--logtostderr', 'version')).toEqual([
    'version',
    '--vmodule',
    'a=1',
    '--logtostderr',
  ])
})

test('commandFirst() changes nothing where there is no such command', () => {
  for (const args of [
    ['get-token', '-v=1'],
    ['--help'],
    ['-v=1', 'get-tokn'],
    ['--', 'get-token'],
    ['help', 'get-token'],
    [],
  ]) {
    expect(reorder(...args)).toEqual(args)
  }
})
