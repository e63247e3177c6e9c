import { Command, CommanderError } from 'commander'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { getTokenOptions } from './get-token-options.ts'
import type { OptionValues } from './given-options.ts'
import { environmentVariable, type OptionSpec } from './option-spec.ts'
import { commonOptions } from './option-table.ts'
import { addOptions, optionValues } from './options.ts'
import { plainOptions } from './plain-options.ts'
import { plainTable } from './plain-table.ts'

const table = [...getTokenOptions, ...commonOptions]

/** What commander makes of the words; undefined when it complains. */
function byCommander(words: readonly string[], env: Record<string, string>) {
  const command = new Command().exitOverride().configureOutput({ writeErr() {}, writeOut() {} })
  addOptions(command, table, env)
  // commander looks into the environment of the process.
  Object.assign(process.env, env)
  try {
    command.parse([...words], { from: 'user' })
    return values(optionValues(command))
  } catch (error) {
    if (error instanceof CommanderError) return undefined
    throw error
  } finally {
    for (const name of Object.keys(env)) delete process.env[name]
  }
}

function plainly(words: readonly string[], env: Record<string, string>) {
  const options = plainOptions(words, plainTable, env)
  return options && values(options)
}

function values(options: OptionValues) {
  return table.map(({ name, kind }) => [
    name,
    options.sourceOf(name),
    kind === 'map' ? options.map(name) : undefined,
    kind === 'flag' ? options.flag(name) : undefined,
    [options.text(name), options.list(name), options.durationMs(name), options.level(name)],
  ])
}

const spec = fc.constantFrom(...table)

const anyValue = fc.constantFrom(
  ...[
    '',
    'x',
    'a,b',
    '"a,b",c',
    '"open',
    'k=v',
    'k=v,l=w',
    '=v',
    '1',
    '0x10',
    '-1',
    'true',
    'f',
    'no',
  ],
  ...[
    'auto',
    'disk',
    'password',
    '--',
    '--oidc-client-id',
    '-v',
    'ü ',
    '=',
    'https://sso.example.com/a?b=c',
  ],
)

/** A value that the option takes. */
function goodValue({ kind, choices }: OptionSpec): fc.Arbitrary<string> {
  if (choices) return fc.constantFrom(...choices)
  const good = {
    text: ['x', 'a,b', 'k=v', '', 'ü'],
    list: ['x', 'a,b', '"a,b",c', ''],
    array: ['x', 'a,b', ''],
    map: ['k=v', 'k=v,l=w', 'k=a,b'],
    flag: ['true', 'false', '1', 'F'],
    seconds: ['0', '7', '0x10', '1_000'],
    level: ['0', '1', '4'],
  }
  return fc.constantFrom(...good[kind])
}

const goodWord = spec.chain((one) => goodValue(one).map((value) => [`--${one.name}=${value}`]))

const oddWords = fc.oneof(
  fc.tuple(spec, anyValue).map(([{ name }, value]) => [`--${name}=${value}`]),
  fc.tuple(spec, anyValue).map(([{ name }, value]) => [`--${name}`, value]),
  spec.map(({ name }) => [`--${name}`]),
  spec.map(({ name }) => [`--${name.slice(0, -1)}=x`]),
  spec.map(({ name }) => [`--no-${name}`]),
  fc.constantFrom(
    ['-v1'],
    ['-v=1'],
    ['-v', '1'],
    ['--'],
    ['word'],
    ['-'],
    ['--help'],
    ['-x'],
    [''],
  ),
)

const environment = fc
  .array(
    spec.chain((one) => fc.tuple(fc.constant(one), fc.oneof(goodValue(one), anyValue))),
    {
      maxLength: 3,
    },
  )
  .map((pairs) =>
    Object.fromEntries(pairs.map(([one, value]) => [environmentVariable(one), value])),
  )

test('where plain words are understood, commander understands them in the same way', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(goodWord, oddWords), { maxLength: 5 }),
      environment,
      (words, env) => {
        const plain = plainly(words.flat(), env)
        if (plain !== undefined) expect(byCommander(words.flat(), env)).toEqual(plain)
      },
    ),
    { numRuns: 2000 },
  )
}, 60_000)

test('what a kubeconfig holds is understood without commander', () => {
  fc.assert(
    fc.property(fc.array(goodWord, { maxLength: 6 }), (words) => {
      expect(plainly(words.flat(), {})).toBeDefined()
    }),
    { numRuns: 500 },
  )
})
