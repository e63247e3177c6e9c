import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isFromStranger } from '../../system/index.ts'
import { Doors } from './doors.ts'
import type { ListenerTls } from './listener-tls.ts'
import { type CallbackResult, notAcceptedPage, resultPage } from './pages.ts'
import { type Reply, sendReply } from './reply.ts'
import { alreadyUsed, route } from './route.ts'
import type { Site } from './site.ts'
import type { Callback } from './validate.ts'

/** How long a browser may take to read the result. */
const farewellMs = 1_000

/** Notices about ignored answers, so that nobody can flood the terminal. */
const maxNotices = 10

/** What a desk needs beside its site. */
export interface DeskOptions {
  readonly tls?: ListenerTls | undefined
  readonly onIgnored?: (reason: string) => void
  readonly signal: AbortSignal
}

/** Receives the visitors of one sign-in: takes the first answer, and answers everybody. */
export class CallbackDesk {
  /** Where visitors come in. */
  readonly doors: Doors
  /** The first valid answer; rejects when the signal is aborted before it. */
  readonly received: Promise<Callback>

  readonly #site: Site
  readonly #options: DeskOptions
  readonly #abort: () => void
  #accept: (callback: Callback) => void = () => undefined
  #isAnswered = false
  #browser: ServerResponse | undefined
  #notices = 0

  constructor(site: Site, options: DeskOptions) {
    this.#site = site
    this.#options = options
    this.doors = new Doors(options.tls, (request, response) => this.#handle(request, response))
    let reject: (reason: unknown) => void = () => undefined
    this.received = new Promise((resolvePromise, rejectPromise) => {
      this.#accept = resolvePromise
      reject = rejectPromise
    })
    // Who only wants to close need not wait for it.
    this.received.catch(() => undefined)
    this.#abort = () => {
      reject(options.signal.reason)
      this.close()
    }
    options.signal.addEventListener('abort', this.#abort)
  }

  /** Shows the result in the browser that waits, if one still does, and closes everything. */
  async finish(result: CallbackResult): Promise<void> {
    const browser = this.#browser
    this.#browser = undefined
    if (browser) await farewell(browser, replyTo(result))
    this.close()
  }

  /** Closes everything at once. May be called again. */
  close(): void {
    this.#options.signal.removeEventListener('abort', this.#abort)
    this.doors.close()
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const decision = route(request, this.#site, request.socket.localPort ?? 0)
    // What the client still sends is of no interest, but must not stand in the way of the answer. The code goes to the
    // provider first, and before all that reading sets off.
    setImmediate(() => request.resume())
    if (decision.kind === 'callback') {
      if (isFromStranger(request.socket)) this.#refuseStranger(response)
      else this.#receive(decision.callback, response)
      return
    }
    sendReply(response, decision.reply)
    if (decision.ignored !== undefined) this.#notify(decision.ignored)
  }

  #receive(callback: Callback, response: ServerResponse): void {
    if (this.#isAnswered) {
      sendReply(response, alreadyUsed)
      this.#notify('The sign-in was already answered.')
      return
    }
    this.#isAnswered = true
    this.#browser = response
    this.doors.protectConnections()
    this.#accept(callback)
  }

  /** Another user of this computer knows the state: he must neither answer nor end the sign-in. */
  #refuseStranger(response: ServerResponse): void {
    const reason = 'It came from another user of this computer.'
    sendReply(response, { status: 403, page: notAcceptedPage(reason) })
    this.#notify(reason)
  }

  #notify(reason: string): void {
    this.#notices += 1
    if (this.#notices <= maxNotices) this.#options.onIgnored?.(reason)
  }
}

/** Sends the last answer and waits until it is on its way; the browser may be gone already. */
async function farewell(browser: ServerResponse, reply: Reply): Promise<void> {
  const socket = browser.socket
  if (socket === null || socket.destroyed) return
  const closed = once(socket, 'close', { signal: AbortSignal.timeout(farewellMs) })
  sendReply(browser, reply)
  await closed.catch(() => undefined)
}

function replyTo(result: CallbackResult): Reply {
  const location = result.kind === 'signed-in' ? webPage(result.redirectTo) : undefined
  if (location !== undefined) return { status: 303, headers: { location } }
  return { status: 200, page: resultPage(result) }
}

/** The browser is sent to web pages only. */
function webPage(address: string | undefined): string | undefined {
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url.href : undefined
}
