import type { ASTNode } from '@marcbachmann/cel-js'
import { EvaluationError } from '@marcbachmann/cel-js'
import type { Json } from '../json/index.ts'

/** Steps that an expression may take; kube-apiserver has a limit of this size, too. */
const mostSteps = 1_000_000

const loops = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])
const splitters = new Set(['split', 'findAll'])

/** What makes an expression costly. */
export interface Cost {
  /** How deeply loops (`all`, `map` …) stand in each other. */
  readonly depth: number
  /** Whether it makes lists of text. */
  readonly splits: boolean
}

/** Looks at the tree of an expression, before the names in it are changed. */
export function costOf(node: ASTNode): Cost {
  const inner = childrenOf(node).map(costOf)
  const name = node.op === 'rcall' ? node.args[0] : ''
  return {
    depth: Math.max(0, ...inner.map(({ depth }) => depth)) + (loops.has(name) ? 1 : 0),
    splits: splitters.has(name) || inner.some(({ splits }) => splits),
  }
}

/** The nodes of the tree right below a node. */
export function childrenOf({ args }: ASTNode): ASTNode[] {
  return nodesIn(args)
}

/**
 * Refuses to run loops in loops over lists that a token makes too long: they would hold the process.
 *
 * @throws EvaluationError
 */
export function boundLoops(
  { depth, splits }: Cost,
  variables: Readonly<Record<string, Json>>,
): void {
  if (depth < 2) return
  const lengths = Object.values(variables).map((value) => longestIn(value, splits))
  if (Math.max(...lengths) ** depth > mostSteps) {
    throw new EvaluationError('the expression is too costly')
  }
}

function longestIn(value: Json, countsText: boolean): number {
  if (typeof value === 'string') return countsText ? value.length : 0
  if (typeof value !== 'object' || value === null) return 0
  const items = [...value.values()]
  return items.reduce<number>(
    (longest, item) => Math.max(longest, longestIn(item, countsText)),
    items.length,
  )
}

function nodesIn(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(nodesIn)
  return isNode(args) ? [args] : []
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}
