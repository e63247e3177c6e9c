import { dirname, resolve } from 'node:path'
import { isScalar, isSeq } from 'yaml'
import { quote } from '../problem.ts'
import { parseDuration, parseSize } from '../quantities.ts'
import { closestName } from './closest-name.ts'
import { type Cursor, cursorAt, report } from './cursor.ts'

/** Text; `absent` when there is none. A number or `yes` without quotes is a problem, as in Kubernetes. */
export function textAt<T>(cursor: Cursor | undefined, absent: T): string | T {
  if (cursor === undefined) return absent
  const value = scalarOf(cursor)
  if (typeof value === 'string') return value
  report(cursor, 'Text is expected here; write it in quotes.')
  return absent
}

/** The path of a file, made absolute: a relative one counts from the folder of the configuration. */
export function pathAt<T>(cursor: Cursor | undefined, absent: T): string | T {
  const text = textAt(cursor, absent)
  if (cursor === undefined || typeof text !== 'string' || text === '') return absent
  return resolve(dirname(cursor.source.file), text)
}

/** `true` or `false`. */
export function booleanAt(cursor: Cursor | undefined, absent: boolean): boolean {
  if (cursor === undefined) return absent
  const value = scalarOf(cursor)
  if (typeof value === 'boolean') return value
  report(cursor, 'Either true or false is expected here.')
  return absent
}

/** A whole number between two bounds, inclusive. */
export function numberAt<T>(
  cursor: Cursor | undefined,
  absent: T,
  [least, most]: readonly [number, number],
): number | T {
  if (cursor === undefined) return absent
  const value = scalarOf(cursor)
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) {
    return value
  }
  report(cursor, `A whole number from ${least} to ${most} is expected here.`)
  return absent
}

/** One of several words. */
export function oneOfAt<const Word extends string>(
  cursor: Cursor | undefined,
  absent: Word,
  words: readonly Word[],
): Word {
  if (cursor === undefined) return absent
  const value = scalarOf(cursor)
  const word = words.find((candidate) => candidate === value)
  if (word !== undefined) return word
  const meant = typeof value === 'string' ? closestName(value, words) : undefined
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`
  report(cursor, `One of ${words.join(', ')} is expected here.${hint}`)
  return absent
}

/** A duration such as `30s`, in milliseconds, between two bounds that are durations, too. */
export function durationAt(
  cursor: Cursor | undefined,
  absent: string,
  [least, most]: readonly [string, string],
): number {
  const text = cursor === undefined ? absent : String(scalarOf(cursor))
  const value = parseDuration(text)
  if (value !== undefined && value >= durationOf(least) && value <= durationOf(most)) return value
  if (cursor) report(cursor, `A duration from ${least} to ${most} is expected here, such as 30s.`)
  return durationOf(absent)
}

/** A size such as `64KiB`, in bytes, between two bounds that are sizes, too. */
export function sizeAt(
  cursor: Cursor | undefined,
  absent: string,
  [least, most]: readonly [string, string],
): number {
  const text = cursor === undefined ? absent : String(scalarOf(cursor))
  const value = parseSize(text)
  if (value !== undefined && value >= sizeOf(least) && value <= sizeOf(most)) return value
  if (cursor) report(cursor, `A size from ${least} to ${most} is expected here, such as 64KiB.`)
  return sizeOf(absent)
}

/** The items of a list; empty when it is absent. */
export function itemsOf(cursor: Cursor | undefined): readonly Cursor[] {
  if (cursor === undefined) return []
  const { node, source, path, line } = cursor
  if (!isSeq(node)) {
    report(cursor, 'A list is expected here.')
    return []
  }
  return node.items.flatMap((item, index) => {
    const here = cursorAt(source, `${path}[${index}]`, item, line)
    if (here) return [here]
    source.problems.push({
      file: source.file,
      line,
      path: `${path}[${index}]`,
      message: 'This item of the list is empty.',
    })
    return []
  })
}

/**
 * A list of texts, none of them empty and none twice.
 *
 * @param demands what else is asked of them
 */
export function textsAt(cursor: Cursor | undefined, demands: TextDemands = {}): readonly string[] {
  const seen = new Set<string>()
  const items = itemsOf(cursor)
  if (demands.whenEmpty !== undefined && cursor && isSeq(cursor.node) && items.length === 0) {
    report(cursor, demands.whenEmpty)
  }
  for (const item of items) {
    const text = textAt(item, undefined)
    if (text === undefined) continue
    const fault = text.trim() === '' ? 'The text is empty.' : demands.faultOf?.(text)
    if (fault !== undefined) report(item, fault)
    else if (seen.has(text)) report(item, `${quote(text)} stands twice in this list.`)
    seen.add(text)
  }
  return [...seen]
}

/** What is asked of a list of texts, and of each of them. */
export interface TextDemands {
  /** What is wrong with a list without items; absent when it may be empty. */
  readonly whenEmpty?: string
  /** What is wrong with a text; undefined when nothing is. */
  readonly faultOf?: (text: string) => string | undefined
}

function scalarOf({ node }: Cursor): unknown {
  return isScalar(node) ? node.value : undefined
}

function durationOf(text: string): number {
  return parseDuration(text) ?? 0
}

function sizeOf(text: string): number {
  return parseSize(text) ?? 0
}
