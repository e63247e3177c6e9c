import type { Random } from './random.ts'

/** What bytes are made of. */
export interface Material {
  /** What others are made from: good ones, and some that are nearly so. */
  readonly corpus: readonly [string, ...string[]]
  /** What is written in between. */
  readonly dictionary: readonly [string, ...string[]]
}

/** A message, some places of which are other than they should be. Latin-1. */
export function mutated(random: Random, material: Material): string {
  let text = random.pick(material.corpus)
  for (let count = random.below(6); count > 0; count -= 1) {
    text = mutatedOnce(text, random, material)
  }
  return text.slice(0, 200_000)
}

function mutatedOnce(text: string, random: Random, material: Material): string {
  const { corpus, dictionary } = material
  const at = random.below(text.length + 1)
  const length = random.below(40)
  const before = text.slice(0, at)
  const after = text.slice(at)
  switch (random.below(8)) {
    case 0:
      return before + random.pick(dictionary) + after
    case 1:
      return atLine(text, random, (line) => random.pick(dictionary) + line)
    case 2:
      return before + after.slice(length)
    case 3:
      return before + after.slice(0, length) + after
    case 4:
      return before + String.fromCharCode(random.below(256)) + after.slice(1)
    case 5:
      return atLine(text, random, (line) => line.toUpperCase())
    case 6:
      return before + random.pick(corpus) + after
    default:
      return before + after.slice(0, 1).repeat(random.below(2_000)) + after
  }
}

function atLine(text: string, random: Random, change: (line: string) => string): string {
  const lines = text.split('\r\n')
  const chosen = random.below(lines.length)
  return lines.map((line, index) => (index === chosen ? change(line) : line)).join('\r\n')
}
