import { expect, test } from 'vitest'
import type { CommandSpec, OptionSpec } from '../../src/commands/index.ts'
import { cliPage } from './cli-page.ts'

const issuer: OptionSpec = {
  name: 'oidc-issuer-url',
  kind: 'text',
  description: 'issuer URL (mandatory)',
  group: 'Provider:',
}
const storage: OptionSpec = {
  name: 'token-cache-storage',
  kind: 'text',
  choices: ['disk', 'none'],
  byDefault: 'disk',
  description: 'where <it> is|was',
  group: 'Session:',
}
const output: OptionSpec = {
  name: 'output',
  short: 'o',
  kind: 'text',
  description: 'how it is printed',
  group: 'Other:',
}

function command(name: string, options: readonly OptionSpec[]): CommandSpec {
  return {
    name,
    summary: 'do it',
    options,
    examples: [`kubectl oidc-login ${name}`],
    run: () => Promise.resolve(),
  }
}

function pageOf(...commands: readonly CommandSpec[]): string {
  return cliPage({ commands, commonOptions: [] })
}

test('an option is a row with its kind, variable, choices and default', () => {
  expect(pageOf(command('get-token', [storage]))).toContain(
    '| `--token-cache-storage` text<br>`KUBECTL_OIDC_LOGIN_TOKEN_CACHE_STORAGE` | ' +
      'Where &lt;it> is\\|was. One of `disk`, `none`. Default `disk`. | K |',
  )
})

test('options stand below their group, and a short name before the long one', () => {
  const page = pageOf(command('get-token', [issuer, output]))
  expect(page).toMatch(/\*\*Provider\*\*[\s\S]*--oidc-issuer-url[\s\S]*\*\*Other\*\*/)
  expect(page).toContain('| `-o`, `--output` text')
  expect(page).toContain('| How it is printed. |  |')
})

test('a command names the options that it shares, whatever is said of them, and shows its own', () => {
  const optional = { ...issuer, description: 'issuer URL' }
  const page = pageOf(command('get-token', [issuer, storage]), command('who', [optional, output]))
  const who = page.slice(page.indexOf('## who'))
  expect(who).toContain('these options of [`get-token`](#get-token): `--oidc-issuer-url`.')
  expect(who).toContain('`--output`')
  expect(who).not.toContain('KUBECTL_OIDC_LOGIN_OIDC_ISSUER_URL')
})

test('an option with another default is not shared', () => {
  const page = pageOf(
    command('get-token', [storage]),
    command('who', [{ ...storage, byDefault: 'none' }]),
  )
  expect(page).toContain('Default `none`.')
})

test('what is hidden is not on the page', () => {
  const page = pageOf(command('get-token', [issuer, { ...output, isHidden: true }]))
  expect(page).toContain('--oidc-issuer-url')
  expect(page).not.toContain('--output')
})

test('an argument and its choices are named', () => {
  const argument = { name: 'shell', choices: ['bash', 'zsh'], description: 'which shell' }
  expect(pageOf({ ...command('completion', []), argument })).toContain(
    '`<shell>`: which shell (`bash`, `zsh`).',
  )
  const optional = { name: 'url', choices: [], description: 'a server', isOptional: true }
  expect(pageOf({ ...command('setup', []), argument: optional })).toContain('`[url]`: a server.')
})
