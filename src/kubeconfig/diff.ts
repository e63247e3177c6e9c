/** Lines around a change. */
const contextLines = 3

/**
 * Shows what changes between two texts of a kubeconfig, in the manner of `diff -u`. Secrets in it
 * are covered, because a diff ends up in a terminal, a chat or a ticket.
 *
 * @returns empty when nothing changes
 */
export function diffKubeconfig(path: string, before: string | undefined, after: string): string {
  const old = linesOf(before ?? '')
  const now = linesOf(after)
  const steps = stepsBetween(old, now)
  if (steps.every(({ sign }) => sign === ' ')) return ''
  const near = (index: number): boolean =>
    steps
      .slice(Math.max(0, index - contextLines), index + contextLines + 1)
      .some(({ sign }) => sign !== ' ')
  const shown = steps.flatMap(({ sign, line }, index) => {
    if (near(index)) return [`${sign}${covered(line)}`]
    return near(index - 1) ? ['@@'] : []
  })
  return [`--- ${before === undefined ? '(no file)' : path}`, `+++ ${path}`, ...shown, ''].join(
    '\n',
  )
}

interface Step {
  readonly sign: ' ' | '-' | '+'
  readonly line: string
}

/** What is equal at both ends is cut off first, so that the quadratic middle is small. */
function stepsBetween(old: readonly string[], now: readonly string[]): Step[] {
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1
  let end = 0
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  ) {
    end += 1
  }
  return [
    ...old.slice(0, start).map((line): Step => ({ sign: ' ', line })),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...old.slice(old.length - end).map((line): Step => ({ sign: ' ', line })),
  ]
}

const largestTable = 4_000_000

/** The longest common subsequence, by the table that every textbook has. */
function middle(old: readonly string[], now: readonly string[]): Step[] {
  if (old.length * now.length > largestTable) return [...removed(old), ...added(now)]
  const width = now.length + 1
  const table = new Uint32Array((old.length + 1) * width)
  const at = (row: number, column: number): number => table[row * width + column] ?? 0
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = now.length - 1; column >= 0; column -= 1) {
      table[row * width + column] =
        old[row] === now[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const steps: Step[] = []
  let row = 0
  let column = 0
  while (row < old.length && column < now.length) {
    if (old[row] === now[column]) {
      steps.push({ sign: ' ', line: old[row] ?? '' })
      row += 1
      column += 1
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      steps.push({ sign: '-', line: old[row] ?? '' })
      row += 1
    } else {
      steps.push({ sign: '+', line: now[column] ?? '' })
      column += 1
    }
  }
  return [...steps, ...removed(old.slice(row)), ...added(now.slice(column))]
}

function removed(lines: readonly string[]): Step[] {
  return lines.map((line) => ({ sign: '-', line }))
}

function added(lines: readonly string[]): Step[] {
  return lines.map((line) => ({ sign: '+', line }))
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

const secretField =
  /((?:token|password|client-key-data|secret|value|authorization|cookie)["']?\s*[:=]\s*).+$/i

/** A JWT may stand on a line of its own; a URL may hold a password. */
const secretText = /eyJ[\w-]{8,}\.[\w.-]+|(?<=\/\/[^/@\s:]*:)[^/@\s]+(?=@)/g

function covered(line: string): string {
  return line.replace(secretField, '$1(not shown)').replaceAll(secretText, '(not shown)')
}
