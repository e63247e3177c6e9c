import { isMap, isScalar } from 'yaml'
import { quote } from '../problem.ts'
import { closestName } from './closest-name.ts'
import { type Cursor, cursorAt, lineOf, report } from './cursor.ts'

/** A mapping whose fields are all known. */
export interface Fields<Name extends string> {
  /** The mapping itself, for problems that concern it as a whole. */
  readonly cursor: Cursor
  /** The value of a field; undefined when it is absent or `null`. */
  at(name: Name): Cursor | undefined
}

/**
 * Reads a mapping strictly: a field that is not known is a problem that names itself and what was
 * probably meant.
 *
 * @param cursor where it stands
 * @param names the fields that there are
 * @returns undefined when it is no mapping, or absent; the former is reported
 */
export function fieldsOf<const Name extends string>(
  cursor: Cursor | undefined,
  names: readonly Name[],
): Fields<Name> | undefined {
  if (cursor === undefined) return undefined
  const { node, source, path } = cursor
  if (!isMap(node)) {
    report(cursor, `A mapping with the fields ${names.join(', ')} is expected here.`)
    return undefined
  }
  const found = new Map<string, Cursor | undefined>()
  for (const pair of node.items) {
    const name = isScalar(pair.key) ? String(pair.key.value) : ''
    const line = lineOf(source, pair.key) ?? cursor.line
    if (isOneOf(names, name)) {
      found.set(name, cursorAt(source, join(path, name), pair.value, line))
    } else {
      const message = unknownField(name, names)
      source.problems.push({ file: source.file, line, path, message })
    }
  }
  return { cursor, at: (name) => found.get(name) }
}

/** One field of a mapping that is not read as a whole yet. */
export function fieldAt({ node, source, path, line }: Cursor, name: string): Cursor | undefined {
  return isMap(node) ? cursorAt(source, join(path, name), node.get(name, true), line) : undefined
}

/**
 * The line on which a field stands, from 1; that of what holds it when it is absent.
 *
 * @param path such as `jwt[0].issuer.url`
 */
export function lineOfPath({ source, line }: Cursor, path: string): number {
  const keys = path.match(/[^.[\]]+/g) ?? []
  for (let depth = keys.length; depth > 0; depth -= 1) {
    const found = lineOf(source, source.document.getIn(keys.slice(0, depth), true))
    if (found !== undefined) return found
  }
  return line
}

function unknownField(name: string, names: readonly string[]): string {
  const meant = closestName(name, names)
  const hint = meant === undefined ? `Known are ${names.join(', ')}.` : `Did you mean "${meant}"?`
  return `There is no field ${quote(name)}. ${hint}`
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return names.some((known) => known === name)
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
