import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'
import { createCookieJar } from './login-driver-cookies.ts'

/** A page as it is shown in the end. */
export interface Page {
  /** HTTP status. */
  readonly status: number
  /** The body. */
  readonly html: string
  /** Where the redirects have led to. */
  readonly url: URL
}

/** Opens pages as a browser does: with cookies, following redirects. */
export interface Tab {
  /** Opens a page, or sends a form to it. */
  open(url: URL, form?: URLSearchParams): Promise<Page>
}

const maxRedirects = 20
const timeoutMs = 30_000

/**
 * Opens a browser tab without cookies.
 *
 * @param ca certificate authority to trust instead of the system's
 * @param onRedirect called before a redirect is followed, and waited for
 */
export function openTab(ca: string | undefined, onRedirect?: (target: URL) => Promise<void>): Tab {
  const jar = createCookieJar()
  return {
    async open(url, form) {
      let target = url
      let body = form
      for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
        const answer = await send(target, { body, cookie: jar.headerFor(target), ca })
        jar.store(target, answer.setCookie)
        if (answer.location === undefined) {
          return { status: answer.status, html: answer.html, url: target }
        }
        target = new URL(answer.location, target)
        await onRedirect?.(target)
        // Only these two repeat the method and the body (RFC 9110 §15.4).
        if (answer.status !== 307 && answer.status !== 308) body = undefined
      }
      throw new Error(`more than ${maxRedirects} redirects`)
    },
  }
}

interface SendOptions {
  readonly body: URLSearchParams | undefined
  readonly cookie: string
  readonly ca: string | undefined
}

interface Answer {
  readonly status: number
  readonly html: string
  readonly location: string | undefined
  readonly setCookie: readonly string[]
}

async function send(url: URL, { body, cookie, ca }: SendOptions): Promise<Answer> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return await new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        agent: false,
        // Names below .test (RFC 6761 §6.2) are this computer, whatever a name server says.
        ...(url.hostname.endsWith('.test')
          ? { hostname: '127.0.0.1', servername: url.hostname }
          : {}),
        ...(ca === undefined ? {} : { ca }),
        method: body ? 'POST' : 'GET',
        headers: {
          accept: 'text/html',
          host: url.host,
          ...(cookie === '' ? {} : { cookie }),
          ...(body ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        },
        signal: AbortSignal.timeout(timeoutMs),
      },
      (incoming) => {
        const { statusCode: status = 0, headers } = incoming
        const location = status >= 300 && status < 400 ? headers.location : undefined
        const setCookie = headers['set-cookie'] ?? []
        text(incoming).then((html) => resolve({ status, html, location, setCookie }), reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body?.toString())
  })
}
