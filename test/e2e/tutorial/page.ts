/** A part of the page, from one heading of the second level to the next. */
export interface Section {
  readonly title: string
  readonly blocks: readonly Block[]
}

/** A block of code that says what people type, and perhaps what they see. */
export interface Block {
  /** Line of the page, from 1. */
  readonly line: number
  /** Whose computer it is; empty for a block that is only compared. */
  readonly person: string
  /** What else its mark says. */
  readonly notes: ReadonlySet<string>
  readonly steps: readonly Step[]
}

/** A command and what it prints. */
export interface Step {
  /** For a shell; empty for a block that is only compared. */
  readonly command: string
  /** Undefined where the page does not show it. */
  readonly output: string | undefined
}

const fence = /^(?:<!-- (?<mark>.*) -->\n)?```(?<language>\w*)\n(?<text>[\s\S]*?)^```$/gm

/**
 * Takes the page apart. Throws for a block without a mark: what nobody runs is soon wrong.
 *
 * A mark is `run: <person>, <note>, …` for blocks of `sh` (a script) and `console` (commands behind `$`, with
 * their output), `not run: <why>`, or `compare: <with what>`.
 */
export function sectionsOf(page: string): readonly Section[] {
  const parts = page.split(/^## /m)
  let line = (parts[0] ?? '').split('\n').length
  return parts.slice(1).map((part) => {
    const section = { title: part.split('\n')[0] ?? '', blocks: blocksOf(part, line) }
    line += part.split('\n').length - 1
    return section
  })
}

function blocksOf(text: string, firstLine: number): readonly Block[] {
  return [...text.matchAll(fence)].flatMap((found) => {
    const { mark = '', language = '', text: content = '' } = found.groups ?? {}
    const line = firstLine + text.slice(0, found.index).split('\n').length - 1
    if (/^not run: \S/.test(mark)) return []
    const [, kind, rest = ''] = /^(run|compare): (.+)$/.exec(mark) ?? []
    const [first = '', ...notes] = rest.split(', ')
    if (kind === 'compare') {
      const steps = [{ command: '', output: content }]
      return [{ line, person: '', notes: new Set([first, ...notes]), steps }]
    }
    if (kind !== 'run' || !['sh', 'console'].includes(language)) {
      throw new Error(`line ${line} of the tutorial: nobody runs this block`)
    }
    const steps = language === 'sh' ? [{ command: content, output: undefined }] : stepsOf(content)
    return [{ line, person: first, notes: new Set(notes), steps }]
  })
}

/** Commands begin with `$ ` and go on in the next line after a backslash. */
function stepsOf(content: string): readonly Step[] {
  return content
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const [command = ''] = /^(?:.*\\\n)*.*\n/.exec(text) ?? []
      return { command, output: text.slice(command.length) }
    })
}
