import { type Document, isAlias, isNode, isScalar, type LineCounter, type Node } from 'yaml'
import type { Problem } from '../problem.ts'

/** A value of a YAML document, together with where it stands. */
export interface Cursor {
  /** Such as `jwt[0].issuer.url`; empty at the root. */
  readonly path: string
  /** From 1. */
  readonly line: number
  /** The YAML node; an alias is followed. */
  readonly node: Node
  readonly source: Source
}

/** What the cursors of one document share. */
export interface Source {
  readonly file: string
  readonly document: Document
  readonly lines: LineCounter
  /** Everything that was found to be wrong so far. */
  readonly problems: Problem[]
  /** How many more aliases (`*name`) are followed: they can make a small file endless. */
  aliasesLeft: number
}

/** Notes what is wrong with a value. */
export function report({ source, line, path }: Cursor, message: string): void {
  source.problems.push({ file: source.file, line, path, message })
}

/**
 * The value at a node.
 *
 * @param line where it counts as standing when the node does not know, from 1
 * @returns undefined for an absent value; `null` is one, as in Go
 */
export function cursorAt(
  source: Source,
  path: string,
  node: unknown,
  line: number,
): Cursor | undefined {
  if (!isNode(node)) return undefined
  const here = lineOf(source, node) ?? line
  const resolved = isAlias(node) ? follow(source, node, path, here) : node
  if (resolved === undefined || (isScalar(resolved) && resolved.value === null)) return undefined
  return { path, line: here, node: resolved, source }
}

/** The line on which a node begins, from 1. */
export function lineOf({ lines }: Source, node: unknown): number | undefined {
  const start = isNode(node) ? node.range?.[0] : undefined
  return start === undefined ? undefined : lines.linePos(start).line
}

function follow(source: Source, alias: Node, path: string, line: number): Node | undefined {
  source.aliasesLeft -= 1
  const target: unknown =
    isAlias(alias) && source.aliasesLeft >= 0 ? alias.resolve(source.document) : undefined
  if (isNode(target) && !isAlias(target)) return target
  const why = source.aliasesLeft < 0 ? 'Too many aliases are used.' : 'The alias has no anchor.'
  source.problems.push({ file: source.file, line, path, message: why })
  return undefined
}
