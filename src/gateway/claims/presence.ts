import { type ASTNode, EvaluationError } from '@marcbachmann/cel-js'
import type { Json } from '../json/index.ts'

/**
 * Where an expression looks whether a field is there, by `has(…)` or `.?`: the names that lead from the
 * variable to the value that is looked into.
 */
export type Look = readonly string[]

/** What the looks of an expression are; `elsewhere` when one of them is not on a path of the variable. */
export type Looks =
  | { readonly kind: 'paths'; readonly paths: readonly Look[] }
  | { readonly kind: 'elsewhere' }

/**
 * Finds the looks of an expression. The engine takes a list for a thing without fields, and cel-go for an
 * error (`refQualify` in cel-go's interpreter/attributes.go): to tell, their places must be known.
 *
 * @param nodes all nodes of the tree, with the names that fields really have
 */
export function looksIn(nodes: readonly ASTNode[], variable: string): Looks {
  const paths: Look[] = []
  for (const node of nodes) {
    const operand = lookedInto(node)
    if (operand === undefined) continue
    const path = pathTo(operand, variable)
    if (path === undefined) return { kind: 'elsewhere' }
    paths.push(path)
  }
  return { kind: 'paths', paths }
}

/**
 * Refuses a list in which fields are looked for.
 *
 * @param value of the variable
 * @throws EvaluationError
 */
export function refuseLists(paths: readonly Look[], value: Json | undefined): void {
  for (const path of paths) {
    let reached = value
    for (const name of path) reached = reached instanceof Map ? reached.get(name) : undefined
    if (Array.isArray(reached)) throw new EvaluationError('a list has no fields')
  }
}

function lookedInto(node: ASTNode): ASTNode | undefined {
  if (node.op === '.?') return node.args[0]
  if (node.op !== 'call' || node.args[0] !== 'has') return undefined
  const [field] = node.args[1]
  return field?.op === '.' ? field.args[0] : undefined
}

/** `claims.?a.orValue({})` is a path, too: what stands in the place of an absent map has fields. */
function pathTo(node: ASTNode, variable: string): Look | undefined {
  if (node.op === 'id') return node.args === variable ? [] : undefined
  if (node.op === '.' || node.op === '.?') return longer(node.args[0], node.args[1], variable)
  if (node.op === '[]' || node.op === '[?]') {
    const [operand, key] = node.args
    const isText = key.op === 'value' && typeof key.args === 'string'
    return isText ? longer(operand, String(key.args), variable) : undefined
  }
  if (node.op === 'rcall' && node.args[0] === 'orValue') {
    const [, receiver, [otherwise]] = node.args
    return otherwise?.op === 'map' ? pathTo(receiver, variable) : undefined
  }
  if (node.op === 'call' && node.args[0] === 'dyn' && node.args[1][0]) {
    return pathTo(node.args[1][0], variable)
  }
  return undefined
}

function longer(operand: ASTNode, name: string, variable: string): Look | undefined {
  const path = pathTo(operand, variable)
  return path && [...path, name]
}
