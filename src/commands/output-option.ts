import type { OptionSpec } from './option-spec.ts'

/** The option `-o` of commands that print a result, for people or for programs. */
export const outputOption: OptionSpec = {
  name: 'output',
  short: 'o',
  kind: 'text',
  choices: ['text', 'json'],
  byDefault: 'text',
  description: 'how the result is printed',
  group: 'Other:',
}
