import { badRequest } from './status.ts'

/** What a request asks for, in the terms of Kubernetes access control. */
export interface ApiRequest {
  /** HTTP method. */
  readonly method: string
  /** Path as sent, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** `get`, `list`, `watch` …; for a path that is no resource the method in lower case. */
  readonly verb: string
  /** The resource; undefined for any other path, such as `/version`. */
  readonly target: ResourceTarget | undefined
}

/** What a path points to. */
export interface ResourceTarget {
  /** API group; empty for the core group. */
  readonly group: string
  readonly version: string
  /** Plural name of the resource type. */
  readonly resource: string
  readonly subresource: string | undefined
  readonly namespace: string | undefined
  readonly name: string | undefined
}

/**
 * Reads method and URL of a request by the rules of kube-apiserver's `RequestInfo`.
 *
 * @param url path and query, as in the request line
 * @throws {StatusError} 400 for a path that two readers could understand differently
 */
export function parseRequest(method: string, url: string): ApiRequest {
  const [path = '', query = ''] = splitOnce(url, '?')
  const parameters = new URLSearchParams(query)
  const target = parseTarget(segmentsOf(path))
  const verb = target ? resourceVerb(method, target, parameters) : method.toLowerCase()
  return { method, path, query: parameters, verb, target }
}

/** A query parameter is on unless it says otherwise, as in Kubernetes: `?watch`, `?watch=1`. */
export function isOn(query: URLSearchParams, parameter: string): boolean {
  const value = query.get(parameter)
  return value !== null && value !== '0' && value.toLowerCase() !== 'false'
}

/** The name that `fieldSelector=metadata.name=…` asks for, if it does. */
export function selectedName(query: URLSearchParams): string | undefined {
  for (const term of query.get('fieldSelector')?.split(',') ?? []) {
    const [, name] = /^metadata\.name==?([^=!]+)$/.exec(term) ?? []
    if (name !== undefined) return name
  }
  return undefined
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** Rejects what a proxy could have read as another path: `//`, `..`, an encoded slash. */
function segmentsOf(path: string): readonly string[] {
  if (!path.startsWith('/')) throw badRequest('the path of the request does not begin with a slash')
  const parts = path.slice(1).split('/')
  if (parts.at(-1) === '') parts.pop()
  const segments = parts.map(decodeSegment)
  const isPlain = segments.every((part) => !['', '.', '..'].includes(part) && !part.includes('/'))
  if (!isPlain) throw badRequest('the path of the request is ambiguous')
  return segments
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw badRequest('the path of the request is not well encoded')
  }
}

function parseTarget(segments: readonly string[]): ResourceTarget | undefined {
  const [prefix, ...rest] = segments
  if (prefix === 'api') return parseResource('', rest[0], rest.slice(1))
  if (prefix === 'apis' && rest[0]) return parseResource(rest[0], rest[1], rest.slice(2))
  return undefined
}

function parseResource(
  group: string,
  version: string | undefined,
  rest: readonly string[],
): ResourceTarget | undefined {
  const [first, second, third] = rest
  if (version === undefined || first === undefined) return undefined
  const isInNamespace =
    first === 'namespaces' && third !== undefined && !namespaceSubresources.has(third)
  const [resource = '', name, subresource, ...excess] = isInNamespace ? rest.slice(2) : rest
  if (excess.length > 0) return undefined
  // Kubernetes counts a namespace as being in itself, which shows in its "forbidden" messages.
  const namespace = first === 'namespaces' ? second : undefined
  return { group, version, resource, subresource, namespace, name }
}

const namespaceSubresources = new Set(['status', 'finalize'])

function resourceVerb(method: string, target: ResourceTarget, query: URLSearchParams): string {
  const isOne = target.name !== undefined
  if (method === 'GET' && !isOne) return isOn(query, 'watch') ? 'watch' : 'list'
  if (method === 'DELETE' && !isOne) return 'deletecollection'
  return verbOf[method] ?? method.toLowerCase()
}

const verbOf: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update' }
