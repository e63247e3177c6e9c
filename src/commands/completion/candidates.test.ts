import { expect, test } from 'vitest'
import type { CommandSpec } from '../command-spec.ts'
import { type CompletionTable, complete } from './candidates.ts'

const command: CommandSpec = {
  name: 'get-token',
  summary: 'print a token',
  options: [
    { name: 'grant', kind: 'text', choices: ['auto', 'code'], description: 'how', group: 'Other:' },
    { name: 'scope', kind: 'list', description: 'scope', group: 'Other:' },
    { name: 'skip', kind: 'flag', description: 'skip it', group: 'Other:' },
    { name: 'ca', kind: 'array', holds: 'files', description: 'file', group: 'Other:' },
    { name: 'dir', kind: 'text', holds: 'folders', description: 'folder', group: 'Other:' },
  ],
  examples: [],
  run: async () => undefined,
}

const table: CompletionTable = {
  commands: [
    command,
    {
      ...command,
      name: 'completion',
      options: [],
      argument: { name: 'shell', choices: ['bash', 'zsh'], description: 'which' },
    },
  ],
  commonOptions: [{ name: 'v', short: 'v', kind: 'level', description: 'trace', group: 'Other:' }],
}

function offered(...words: readonly string[]) {
  const { candidates, alsoOffers } = complete(table, words)
  return [...candidates.map(({ text }) => text), alsoOffers]
}

test.each([
  ['commands', [''], ['get-token', 'completion', 'help', 'nothing']],
  ['commands that begin so', ['get'], ['get-token', 'nothing']],
  ['options of the program', ['--v'], ['--version', 'nothing']],
  ['commands behind help', ['help', 'c'], ['completion', 'nothing']],
  ['options', ['get-token', '--s'], ['--scope', '--skip', 'nothing']],
  ['options of every command', ['get-token', '--v'], ['--v', 'nothing']],
  ['an option once', ['get-token', '--skip', '--s'], ['--scope', 'nothing']],
  ['an option with = once', ['get-token', '--skip=true', '--s'], ['--scope', 'nothing']],
  ['a list again', ['get-token', '--scope=a', '--sc'], ['--scope', 'nothing']],
  ['choices', ['get-token', '--grant', ''], ['auto', 'code', 'nothing']],
  ['choices behind =', ['get-token', '--grant=c'], ['code', 'nothing']],
  ['true and false behind =', ['get-token', '--skip='], ['true', 'false', 'nothing']],
  ['files', ['get-token', '--ca', ''], ['files']],
  ['files behind =', ['get-token', '--ca=/etc/'], ['files']],
  ['folders', ['get-token', '--dir', ''], ['folders']],
  ['nothing for a free text', ['get-token', '-v', ''], ['nothing']],
  ['nothing where no argument is taken', ['get-token', ''], ['nothing']],
  ['arguments', ['completion', ''], ['bash', 'zsh', 'nothing']],
  ['one argument only', ['completion', 'bash', ''], ['nothing']],
  ['an argument behind an option', ['completion', '-v', '1', 'b'], ['bash', 'nothing']],
  ['nothing for an unknown command', ['get-tokens', '--'], ['nothing']],
  ['nothing for an unknown option', ['get-token', '--x=a'], ['nothing']],
  ['everything for nothing', [], ['get-token', 'completion', 'help', 'nothing']],
])('%s are offered', (_, words, expected) => {
  expect(offered(...words)).toEqual(expected)
})
