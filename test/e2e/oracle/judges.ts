import { Agent, type RequestOptions, request } from 'node:https'

/** Who somebody is, as a SelfSubjectReview tells. */
export interface Reviewed {
  readonly username: string
  readonly uid: string
  /** Sorted, each once. */
  readonly groups: readonly string[]
  /** By key, sorted. */
  readonly extra: readonly (readonly [string, readonly string[]])[]
}

/** What a judge says of a token. */
export type Verdict =
  | { readonly kind: 'user'; readonly user: Reviewed }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }

/** Asks who the bearer of a token is. @param lines more header lines */
export type Judge = (token: string, lines?: HeaderLines) => Promise<Verdict>

/** Names and values of header lines. */
export type HeaderLines = readonly (readonly [name: string, value: string])[]

/** Where a judge listens. */
export interface JudgeAddress {
  readonly port: number
  readonly certificateAuthority: string
}

const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
const review = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' })

/** A judge that is asked over connections that stay open. */
export function judgeAt({ port, certificateAuthority }: JudgeAddress): Judge {
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca: certificateAuthority })
  return async (token, lines = []) => {
    const headers = [
      ['Host', `localhost:${port}`],
      ['Authorization', `Bearer ${token}`],
      ['Content-Type', 'application/json'],
      ['Content-Length', String(review.length)],
      ...lines,
    ].flat()
    const { status, body } = await send({ agent, port, method: 'POST', path, headers }, review)
    if (status !== 201) return { kind: 'refused', status, message: String(body.message) }
    const {
      username = '',
      uid = '',
      groups = [],
      extra = {},
    } = Object(Object(body.status).userInfo)
    return {
      kind: 'user',
      user: {
        username,
        uid,
        groups: [...new Set<string>(groups)].sort(),
        extra: Object.entries<string[]>(extra).sort(),
      },
    }
  }
}

/** An answer with the words of a `Status`. */
export interface Answer {
  readonly status: number
  readonly message: string
}

/** Sends a GET with these lines, on a connection of its own, and reads the answer. */
export async function askWith(
  { port, certificateAuthority }: JudgeAddress,
  path: string,
  lines: HeaderLines,
): Promise<Answer> {
  const { status, body } = await send({
    agent: false,
    ca: certificateAuthority,
    port,
    method: 'GET',
    path,
    headers: ['Host', `localhost:${port}`, ...lines.flat()],
  })
  return { status, message: String(body.message) }
}

interface Received {
  readonly status: number
  readonly body: Record<string, unknown>
}

async function send(options: RequestOptions, body?: string): Promise<Received> {
  return await new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', servername: 'localhost', ...options })
    outgoing.once('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Object(parsed(text)) }),
      )
    })
    outgoing.once('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, body: {} })
    })
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return { message: text }
  }
}
