import type { IncomingMessage } from 'node:http'
import {
  alreadyUsedPage,
  badRequestPage,
  notAcceptedPage,
  nothingHerePage,
  wrongMethodPage,
} from './pages.ts'
import type { Reply } from './reply.ts'
import { isOwnAuthority, parseTarget, type Site, type Target } from './site.ts'
import { type Callback, describeInvalid, validateCallback } from './validate.ts'

/** The part of a request that decides about its answer. */
export type RequestHead = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'headersDistinct'>

/** What is to be done with a request. */
export type Route =
  /** It is an answer that belongs to this sign-in. */
  | { readonly kind: 'callback'; readonly callback: Callback }
  /** It is answered at once. `ignored` is a sentence about an authorization response in it. */
  | { readonly kind: 'reply'; readonly reply: Reply; readonly ignored?: string }

/** The answer to the second authorization response of a sign-in. */
export const alreadyUsed: Reply = { status: 409, page: alreadyUsedPage() }

/**
 * Decides about a request. Only a GET of the callback path, for this host, with the state of this
 * sign-in, is an answer; nothing else changes anything.
 *
 * @param port where the request came in
 */
export function route(request: RequestHead, site: Site, port: number): Route {
  const hosts = request.headersDistinct.host ?? []
  // RFC 9112 §3.2: a request without exactly one Host is answered with 400.
  if (hosts.length !== 1) return bad(400, 'It does not name one host.')
  const target = parseTarget(request.url ?? '', hosts[0] ?? '')
  if (target === undefined) return bad(400, 'Its target is not an address.')
  // A page of a stranger can point its own host name at this computer (DNS rebinding).
  if (!isOwnAuthority(target.authority, site, port)) {
    return {
      ...bad(421, 'It is meant for another host.'),
      ...ignoredIfTelling(target, foreignHost),
    }
  }
  if (target.path === site.callbackPath) return routeCallback(request, target, site)
  if (target.path === '/favicon.ico' && request.method === 'GET') return reply({ status: 204 })
  return reply({ status: 404, page: nothingHerePage() })
}

const foreignHost =
  'It was sent to a host name that is neither this computer nor that of --oidc-redirect-url.'

function routeCallback(request: RequestHead, target: Target, site: Site): Route {
  if (request.method !== 'GET') {
    const refusal: Reply = { status: 405, page: wrongMethodPage(), headers: { allow: 'GET' } }
    if (request.method !== 'POST') return reply(refusal)
    return reply(refusal, 'It came by POST; the response mode of the client must be "query".')
  }
  // A code can be used once: a page that is loaded before anybody asked for it must not take it.
  if (isPrefetch(request)) return reply({ status: 503 })
  const validation = validateCallback(target.parameters, site.expectation)
  switch (validation.kind) {
    case 'valid':
      return { kind: 'callback', callback: validation.callback }
    case 'empty':
      return reply({ status: 404, page: nothingHerePage() })
    case 'invalid':
      return reply(
        { status: 400, page: notAcceptedPage(validation.reason) },
        describeInvalid(validation),
      )
  }
}

/** Fetch §3.9 `Sec-Purpose`, and what browsers sent before there was a standard. */
const purposeHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']

function isPrefetch({ headers }: RequestHead): boolean {
  return purposeHeaders.some((name) => /prefetch|prerender|preview/i.test(String(headers[name])))
}

function ignoredIfTelling(target: Target, reason: string): { ignored?: string } {
  const isTelling = ['code', 'error', 'state'].some((name) => target.parameters.has(name))
  return isTelling ? { ignored: reason } : {}
}

function bad(status: number, reason: string): Route {
  return reply({ status, page: badRequestPage(reason) })
}

function reply(reply: Reply, ignored?: string): Route {
  return { kind: 'reply', reply, ...(ignored === undefined ? {} : { ignored }) }
}
