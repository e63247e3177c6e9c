import { expect } from 'vitest'

/**
 * Compares what is printed with what the page shows. There, `…` stands for anything within a line, or for
 * any lines when it has a line of its own.
 *
 * @param where tells which command it is about
 */
export function expectShown(printed: string, shown: string, where: string): void {
  expect.soft(comparable(printed), where).toMatch(outputPattern(shown))
}

/** Whether a program has printed already what the page shows. */
export function isShown(printed: string, shown: string): boolean {
  return outputPattern(shown).test(comparable(printed))
}

function outputPattern(shown: string): RegExp {
  const lines = comparable(shown)
    .split('\n')
    .slice(0, -1)
    // The answer is given by an option here, and the question is not asked.
    .filter((line) => !line.endsWith('[y/N] y'))
  return new RegExp(`^${lines.map(linePattern).join('')}$`)
}

function linePattern(line: string): string {
  if (line.trim() === '…') return '(?:.*\\n)*?'
  const parts = line.split('…').map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return `${parts.join('.*')}\\n`
}

/** What differs from day to day, by how it looks. */
const varying: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'],
  [/[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/g, 'ID'],
  [/\bv\d+\.\d+\.\d+/g, 'VERSION'],
  [/\b10(?:\.\d+){3}\b/g, 'ADDRESS'],
  [/:3\d{4}\/TCP/g, ':PORT/TCP'],
  [/ \d+[smhd](?:\d+[smhd])?$/gm, ' AGE'],
  // Columns are as wide as what stands in them.
  [/(?<=\S) {2,}/g, ' '],
]

function comparable(text: string): string {
  return varying.reduce((result, [looks, stands]) => result.replaceAll(looks, stands), text)
}
