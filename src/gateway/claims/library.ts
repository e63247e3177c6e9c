import { Environment, EvaluationError } from '@marcbachmann/cel-js'
import { markBare } from './bare-lists.ts'
import { regularExpression } from './regular-expression.ts'
import { stringFunctions } from './string-functions.ts'

/** Functions of the engine that are replaced by ours, and the names under which ours are registered. */
export const replacements: ReadonlyMap<string, string> = new Map([
  ['matches', '__matches'],
  ['lowerAscii', '__lowerAscii'],
  ['upperAscii', '__upperAscii'],
  ['trim', '__trim'],
  ['substring', '__substring'],
  ['indexOf', '__indexOf'],
  ['lastIndexOf', '__lastIndexOf'],
  ['split', '__split'],
  ['string', '__string'],
  ['int', '__int'],
])

/**
 * An environment with the functions that kube-apiserver offers to expressions: those of the engine, the
 * string functions of cel-go, and `regex`, `sets` and a part of the list functions of Kubernetes.
 */
export function newEnvironment(): Environment {
  const environment = new Environment({
    enableOptionalTypes: true,
    limits: {
      maxAstNodes: 5000,
      maxDepth: 64,
      maxListElements: 1000,
      maxMapEntries: 1000,
      maxCallArguments: 16,
    },
  })
  registerStrings(environment)
  registerIntegers(environment)
  registerRegex(environment)
  registerSets(environment)
  registerLists(environment)
  return environment
}

function registerStrings(environment: Environment): void {
  const strings = stringFunctions
  environment
    .registerFunction('string.__lowerAscii(): string', strings.lowerAscii)
    .registerFunction('string.__upperAscii(): string', strings.upperAscii)
    .registerFunction('string.__trim(): string', strings.trim)
    .registerFunction('string.charAt(int): string', strings.charAt)
    .registerFunction('string.__substring(int): string', strings.substring)
    .registerFunction('string.__substring(int, int): string', strings.substring)
    .registerFunction('string.__indexOf(string): int', strings.indexOf)
    .registerFunction('string.__lastIndexOf(string): int', strings.lastIndexOf)
    .registerFunction('string.replace(string, string): string', strings.replace)
    .registerFunction('string.replace(string, string, int): string', strings.replace)
    .registerFunction('string.__split(string): list<string>', strings.split)
    .registerFunction('string.__split(string, int): list<string>', strings.split)
    .registerFunction('__string(string): string', (text: string) => text)
    .registerFunction('__string(bool): string', String)
    .registerFunction('__string(int): string', String)
    .registerFunction('__string(double): string', strings.ofDouble)
}

/** The engine lets a number beyond 64 bits become an integer. */
function registerIntegers(environment: Environment): void {
  environment
    .registerFunction('__int(int): int', (value: bigint) => value)
    .registerFunction('__int(double): int', (value: number) => {
      if (!Number.isFinite(value)) throw new EvaluationError('integer overflow')
      return inRange(BigInt(Math.trunc(value)))
    })
    .registerFunction('__int(string): int', (text: string) => {
      if (!/^[-+]?\d{1,19}$/.test(text)) throw new EvaluationError('not an integer')
      return inRange(BigInt(text.replace('+', '')))
    })
    .registerFunction('__int(google.protobuf.Timestamp): int', (time: Date) =>
      BigInt(Math.floor(time.getTime() / 1000)),
    )
}

function inRange(value: bigint): bigint {
  if (value === BigInt.asIntN(64, value)) return value
  throw new EvaluationError('integer overflow')
}

function registerRegex(environment: Environment): void {
  environment
    .registerFunction('string.__matches(string): bool', (text: string, pattern: string) =>
      expression(pattern).matcher(text).find(),
    )
    .registerFunction('string.find(string): string', (text: string, pattern: string) => {
      const matcher = expression(pattern).matcher(text)
      return matcher.find() ? (matcher.group() ?? '') : ''
    })
    .registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) => {
      const matcher = expression(pattern).matcher(text)
      const found: string[] = []
      while (matcher.find()) found.push(matcher.group() ?? '')
      return markBare(found)
    })
}

function expression(pattern: string): ReturnType<typeof regularExpression> {
  try {
    return regularExpression(pattern)
  } catch {
    throw new EvaluationError('invalid regular expression')
  }
}

class Sets {}

function registerSets(environment: Environment): void {
  const has = (list: readonly unknown[], item: unknown): boolean => list.includes(item)
  const contains = (list: readonly unknown[], part: readonly unknown[]): boolean =>
    part.every((item) => has(list, item))
  environment
    .registerType('Sets', { ctor: Sets, fields: {} })
    .registerConstant('sets', 'Sets', new Sets())
    .registerFunction('Sets.contains(list<dyn>, list<dyn>): bool', (_, list, part) =>
      contains(list, part),
    )
    .registerFunction(
      'Sets.equivalent(list<dyn>, list<dyn>): bool',
      (_, one, other) => contains(one, other) && contains(other, one),
    )
    .registerFunction('Sets.intersects(list<dyn>, list<dyn>): bool', (_, one, other) =>
      one.some((item: unknown) => has(other, item)),
    )
}

function registerLists(environment: Environment): void {
  environment
    .registerFunction('list<dyn>.__indexOf(dyn): int', (list: readonly unknown[], item: unknown) =>
      BigInt(list.indexOf(item)),
    )
    .registerFunction(
      'list<dyn>.__lastIndexOf(dyn): int',
      (list: readonly unknown[], item: unknown) => BigInt(list.lastIndexOf(item)),
    )
    .registerFunction('list<dyn>.distinct(): list<dyn>', (list: readonly unknown[]) => [
      ...new Set(list),
    ])
    .registerFunction('list<dyn>.reverse(): list<dyn>', (list: readonly unknown[]) =>
      [...list].reverse(),
    )
    .registerFunction(
      'list<dyn>.slice(int, int): list<dyn>',
      (list: readonly unknown[], from: bigint, to: bigint) => {
        if (from < 0n || to < from || to > BigInt(list.length)) {
          throw new EvaluationError('index out of range')
        }
        return list.slice(Number(from), Number(to))
      },
    )
}
