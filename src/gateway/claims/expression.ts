import type { ASTNode } from '@marcbachmann/cel-js'
import { type Environment, ParseError, TypeError as TypeFault } from '@marcbachmann/cel-js'
import type { Json } from '../json/index.ts'
import { boundLoops, childrenOf, costOf } from './cost.ts'
import { unescapeName } from './escaped-names.ts'
import { newEnvironment, replacements } from './library.ts'
import { looksIn, refuseLists } from './presence.ts'
import { regularExpression } from './regular-expression.ts'

/** Longer expressions are refused (rule H5). */
const longestExpression = 10_000

/** A compiled expression: yields a value of CEL, or throws when it cannot be evaluated. */
export interface Expression {
  /** @param variables `claims` or `user` */
  evaluate(variables: Readonly<Record<string, Json>>): unknown
  /** Fields of the variable that it selects, as `claims.email` or `claims.?email`. */
  readonly selected: ReadonlySet<string>
  /** Those, and what it takes by `claims["email"]`. */
  readonly fields: ReadonlySet<string>
  /** Whether it uses the variable otherwise, as `dyn(claims)` does: then it may use any field. */
  readonly usesWhole: boolean
}

/** What came of compiling. */
export type Compiled =
  | { readonly kind: 'compiled'; readonly expression: Expression }
  /** `fault` is a sentence, with a caret under the place where there is one. */
  | { readonly kind: 'faulty'; readonly fault: string }

/** What an expression can be about: the claims of a token, or the user that they became. */
export type Variable = 'claims' | 'user'

const environments: Readonly<Record<Variable, () => Environment>> = {
  claims: once(() => newEnvironment().registerVariable('claims', 'map<string, dyn>')),
  user: once(() =>
    newEnvironment().registerVariable({
      name: 'user',
      schema: {
        username: 'string',
        uid: 'string',
        groups: 'list<string>',
        extra: 'map<string, list<string>>',
      },
    }),
  ),
}

/**
 * Compiles an expression: syntax, types, and the regular expressions that stand in it.
 *
 * @param result the type that it must have; `any` is checked by whoever evaluates it
 */
export function compileExpression(
  text: string,
  variable: Variable,
  result: 'bool' | 'any',
): Compiled {
  if (text.length > longestExpression) {
    return faulty(`The expression is longer than ${longestExpression} characters.`)
  }
  try {
    const parsed = environments[variable]().parse(text)
    const nodes = nodesOf(parsed.ast)
    const cost = costOf(parsed.ast)
    const fault = faultOfPatterns(nodes) ?? faultOfUser(nodes)
    if (fault !== undefined) return faulty(fault)
    useOwnFunctions(nodes)
    useUnescapedNames(nodes)
    const selected = new Set(nodes.flatMap((node) => selectionIn(node, variable)))
    const fields = new Set([...selected, ...nodes.flatMap((node) => lookupIn(node, variable))])
    const uses = nodes.filter((node) => node.op === 'id' && node.args === variable).length
    const usesWhole = uses > nodes.filter((node) => isNarrow(node, variable)).length
    const { valid, type, error } = parsed.check()
    if (!valid) return faulty(sentenceOf(error))
    const looks = looksIn(nodes, variable)
    if (looks.kind === 'elsewhere') return faulty(looksElsewhere(variable))
    if (result === 'bool' && type !== 'bool') {
      return faulty(`The expression must be true or false, and this one yields ${type ?? 'dyn'}.`)
    }
    return {
      kind: 'compiled',
      expression: {
        evaluate(variables) {
          boundLoops(cost, variables)
          refuseLists(looks.paths, variables[variable])
          return parsed({ ...variables })
        },
        selected,
        fields,
        usesWhole,
      },
    }
  } catch (error) {
    return faulty(sentenceOf(error))
  }
}

function looksElsewhere(variable: Variable): string {
  return `has() and .? look only into the ${variable} here (has(${variable}.a.b)), not into what a function or a loop yields; "in" does.`
}

function faulty(fault: string): Compiled {
  return { kind: 'faulty', fault }
}

function nodesOf(node: ASTNode): ASTNode[] {
  return [node, ...childrenOf(node).flatMap(nodesOf)]
}

/** The field of a variable that a node selects, if it is such a node. */
function selectionIn(node: ASTNode, variable: Variable): string[] {
  if (node.op !== '.' && node.op !== '.?') return []
  const [operand, field] = node.args
  return isVariable(operand, variable) ? [field] : []
}

/** The field that a node takes by its name in brackets, likewise. */
function lookupIn(node: ASTNode, variable: Variable): string[] {
  if (node.op !== '[]' && node.op !== '[?]') return []
  const [operand, key] = node.args
  const isText = key.op === 'value' && typeof key.args === 'string'
  return isVariable(operand, variable) && isText ? [String(key.args)] : []
}

/** Whether a node uses one field of a variable, or looks whether it is there, and nothing else of it. */
function isNarrow(node: ASTNode, variable: Variable): boolean {
  const isPresence = node.op === 'in' && isVariable(node.args[1], variable)
  const fields = [...selectionIn(node, variable), ...lookupIn(node, variable)]
  return isPresence || fields.length > 0
}

function isVariable(node: ASTNode, variable: Variable): boolean {
  return node.op === 'id' && node.args === variable
}

const takesPattern = new Set(['matches', 'find', 'findAll'])

function faultOfPatterns(nodes: readonly ASTNode[]): string | undefined {
  for (const node of nodes) {
    if (node.op !== 'rcall' || !takesPattern.has(node.args[0])) continue
    const [pattern] = node.args[2]
    if (pattern?.op !== 'value' || typeof pattern.args !== 'string') continue
    try {
      regularExpression(pattern.args)
    } catch {
      return `${JSON.stringify(pattern.args)} is not a regular expression of RE2.`
    }
  }
  return undefined
}

const userFields = ['username', 'uid', 'groups', 'extra']

/** The engine lets `has(user.grups)` pass; a slip must not make a rule mean nothing. */
function faultOfUser(nodes: readonly ASTNode[]): string | undefined {
  for (const node of nodes) {
    const [field] = selectionIn(node, 'user')
    if (field !== undefined && !userFields.includes(field)) {
      return `No such key: ${field}. A user has ${userFields.join(', ')}.`
    }
  }
  return undefined
}

function useOwnFunctions(nodes: readonly ASTNode[]): void {
  for (const node of nodes) {
    if (node.op !== 'call' && node.op !== 'rcall') continue
    node.args[0] = replacements.get(node.args[0]) ?? node.args[0]
  }
}

function useUnescapedNames(nodes: readonly ASTNode[]): void {
  for (const node of nodes) {
    if (node.op === '.' || node.op === '.?') node.args[1] = unescapeName(node.args[1])
  }
}

/** The engine's message has the expression in it, with a caret under the fault. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof ParseError || error instanceof TypeFault)) {
    return 'The expression cannot be compiled.'
  }
  let text = error.message
  for (const [name, own] of replacements) text = text.replaceAll(own, name)
  return `The CEL expression does not compile: ${text}`
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
