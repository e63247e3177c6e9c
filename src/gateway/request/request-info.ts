import { selectedName } from './field-selector.ts'
import { firstValues } from './query.ts'
import type { Target } from './target.ts'

/**
 * What a request is about, as kube-apiserver derives it from method and path
 * (k8s.io/apiserver pkg/endpoints/request/requestinfo.go).
 */
export interface RequestInfo {
  /** Whether it is about a resource; otherwise only `verb` and `path` mean something. */
  readonly isResourceRequest: boolean
  /** The path percent-decoded. */
  readonly path: string
  /** `get`, `list`, `watch`, `create` …; the method in lower case for other paths. */
  readonly verb: string
  /** Empty for the core group. */
  readonly apiGroup: string
  readonly apiVersion: string
  readonly namespace: string
  readonly resource: string
  readonly subresource: string
  readonly name: string
}

/** Reads what a request is about. It is for logs, metrics and the choice of a pool, never for a decision. */
export function requestInfo(method: string, target: Target): RequestInfo {
  const other: RequestInfo = {
    isResourceRequest: false,
    path: target.decodedPath,
    verb: method.toLowerCase(),
    apiGroup: '',
    apiVersion: '',
    namespace: '',
    resource: '',
    subresource: '',
    name: '',
  }
  const parts = segmentsOf(target.decodedPath)
  const [prefix] = parts
  if (parts.length < 3 || (prefix !== 'api' && prefix !== 'apis')) return other
  if (prefix === 'apis' && parts.length < 4) return other
  const versionAt = prefix === 'api' ? 1 : 2
  const apiGroup = versionAt === 1 ? '' : (parts[1] ?? '')
  const apiVersion = parts[versionAt] ?? ''
  const start = { ...other, isResourceRequest: true, apiGroup, apiVersion }
  return resourceInfo(start, method, parts.slice(versionAt + 1), target)
}

/** Whether kube-apiserver lets it run without a time limit (its `LongRunningFunc`). */
export function isLongRunning(info: RequestInfo): boolean {
  if (info.verb === 'watch' || info.verb === 'proxy') return true
  return info.isResourceRequest && longSubresources.has(info.subresource)
}

const longSubresources: ReadonlySet<string> = new Set([
  'attach',
  'exec',
  'proxy',
  'log',
  'portforward',
])

const verbOf: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

function resourceInfo(
  start: RequestInfo,
  method: string,
  rest: readonly string[],
  target: Target,
): RequestInfo {
  const isSpecial = rest[0] === 'proxy' || rest[0] === 'watch'
  // kube-apiserver calls this an error and keeps what it knows.
  if (isSpecial && rest.length < 2) return start
  const pathVerb = isSpecial ? (rest[0] ?? '') : (verbOf[method] ?? '')
  const { namespace, parts } = withoutNamespace(isSpecial ? rest.slice(1) : rest)
  const [resource = '', pathName = '', third = ''] = parts
  const subresource = pathVerb === 'proxy' ? '' : third
  const { verb, name } = ofCollection(pathVerb, pathName, target.query)
  return { ...start, verb, namespace, resource, subresource, name }
}

interface Namespaced {
  readonly namespace: string
  readonly parts: readonly string[]
}

/** `namespaces/NAME/pods/…` is about pods, `namespaces/NAME/status` about the namespace. */
function withoutNamespace(parts: readonly string[]): Namespaced {
  const [first, namespace = '', third] = parts
  if (first !== 'namespaces' || parts.length < 2) return { namespace: '', parts }
  const isAboutNamespace = third === undefined || third === 'status' || third === 'finalize'
  return { namespace, parts: isAboutNamespace ? parts : parts.slice(2) }
}

function ofCollection(verb: string, name: string, query: string): { verb: string; name: string } {
  if (name !== '') return { verb, name }
  if (verb === 'delete') return { verb: 'deletecollection', name }
  if (verb !== 'get') return { verb, name }
  if (query === '') return { verb: 'list', name }
  const values = firstValues(query, ['watch', 'limit', 'timeoutSeconds', 'fieldSelector'])
  return { verb: isTrue(values.get('watch')) ? 'watch' : 'list', name: nameIn(values) }
}

/** k8s.io/apimachinery pkg/runtime/conversion.go: anything but absence, `false` and `0` is true. */
function isTrue(value: string | undefined): boolean {
  return value !== undefined && !['false', '0'].includes(value.toLowerCase())
}

/** Nobody selects a name with more. */
const longestSelector = 8192

/** One parameter that cannot be decoded makes kube-apiserver forget the selector as well. */
function nameIn(values: ReadonlyMap<string, string>): string {
  const numbers = ['limit', 'timeoutSeconds'].map((name) => values.get(name) ?? '0')
  if (!numbers.every(isInt64)) return ''
  const selector = values.get('fieldSelector') ?? ''
  const name = (selector.length <= longestSelector && selectedName(selector)) || ''
  const isPathSegment = name !== '.' && name !== '..' && !/[/%]/.test(name)
  return isPathSegment ? name : ''
}

/** As Go's `strconv.ParseInt` reads it. */
function isInt64(text: string): boolean {
  if (/^\d{1,15}$/.test(text)) return true
  if (!/^[+-]?\d{1,100}$/.test(text)) return false
  const value = BigInt(text.replace('+', ''))
  return value === BigInt.asIntN(64, value)
}

/** Without the slashes at both ends, however many they are. */
function segmentsOf(path: string): string[] {
  let start = 0
  let end = path.length
  while (path[start] === '/') start += 1
  while (end > start && path[end - 1] === '/') end -= 1
  const segments: string[] = []
  // As `split` does it, without the way into the engine and back.
  for (let at = start; at < end; ) {
    const slash = path.indexOf('/', at)
    const next = slash < 0 || slash > end ? end : slash
    segments.push(path.slice(at, next))
    at = next + 1
  }
  return segments
}
