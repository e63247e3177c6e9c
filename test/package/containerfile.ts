import { readFileSync } from 'node:fs'

/** One instruction of a Containerfile. */
export interface Instruction {
  /** In capital letters. */
  readonly name: string
  readonly text: string
}

/** A stage of a Containerfile: `FROM` and what follows it. */
export interface Stage {
  /** Image and digest. */
  readonly base: string
  readonly name: string | undefined
  readonly instructions: readonly Instruction[]
}

/** What `COPY` does. */
export interface Copy {
  /** The stage that the sources are in; undefined for the folder that is built. */
  readonly from: string | undefined
  readonly sources: readonly string[]
  readonly target: string
}

/** Reads the stages of a Containerfile, as far as ours goes. */
export function stagesOf(text: string): readonly Stage[] {
  const lines = text.replaceAll(/\\\r?\n\s*/g, '').split(/\r?\n/)
  const instructions = lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line): Instruction => {
      const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? []
      return { name: name.toUpperCase(), text: rest }
    })
  const starts = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []))
  return starts.map((start, index) => {
    const [, base = '', name] = /^(\S+)(?: AS (\S+))?$/.exec(instructions[start]?.text ?? '') ?? []
    return { base, name, instructions: instructions.slice(start + 1, starts[index + 1]) }
  })
}

/** What a stage copies, in its order. */
export function copiesOf({ instructions }: Stage): readonly Copy[] {
  return instructions
    .filter(({ name }) => name === 'COPY')
    .map(({ text }) => {
      const [, from, paths = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(text) ?? []
      const names = paths.split(' ')
      return { from, sources: names.slice(0, -1), target: names.at(-1) ?? '' }
    })
}

/** The value of the last instruction of a name. */
export function lastOf({ instructions }: Stage, name: string): string {
  return instructions.findLast((instruction) => instruction.name === name)?.text ?? ''
}

/** How the image starts the program. */
export interface Entrypoint {
  readonly node: string
  /** What Node.js is told. */
  readonly nodeFlags: readonly string[]
  readonly program: string
}

/** The command of a stage. */
export function entrypointOf(stage: Stage): Entrypoint {
  const [node = '', ...rest]: readonly string[] = JSON.parse(lastOf(stage, 'ENTRYPOINT'))
  return { node, nodeFlags: rest.slice(0, -1), program: rest.at(-1) ?? '' }
}

/** What the image of the gateway tells Node.js, for those who start the program as pods do. */
export function nodeFlagsOfImage(): readonly string[] {
  const image = stagesOf(readFileSync('Containerfile', 'utf8')).at(-1)
  if (image === undefined) throw new Error('The Containerfile has no stage.')
  return entrypointOf(image).nodeFlags
}
