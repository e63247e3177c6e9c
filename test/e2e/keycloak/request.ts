import { request } from 'node:https'
import { text } from 'node:stream/consumers'

/** A request to Keycloak, as people and programs other than the plugin send it. */
export interface KeycloakRequest {
  /** `GET` by default. */
  readonly method?: string
  readonly url: string
  /** Certificate of the authority that vouches for Keycloak. */
  readonly caPem: string
  readonly token?: string
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as a form, in the place of a body. */
  readonly form?: Readonly<Record<string, string>>
}

/** The answer to a {@link KeycloakRequest}. */
export interface KeycloakAnswer {
  readonly status: number
  /** The body when it is JSON. */
  readonly json: unknown
}

/** Sends a request on a connection of its own. Rejects when Keycloak does not answer. */
export async function send(wanted: KeycloakRequest): Promise<KeycloakAnswer> {
  const { method = 'GET', url, caPem, token } = wanted
  const { type, content } = bodyOf(wanted)
  return await new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method,
      ca: caPem,
      agent: false,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(content === '' ? {} : { 'content-type': type }),
        'content-length': Buffer.byteLength(content),
      },
    })
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      text(incoming).then(
        (answer) => resolve({ status: incoming.statusCode ?? 0, json: parsed(answer) }),
        reject,
      )
    })
    outgoing.end(content)
  })
}

function bodyOf({ body, form }: KeycloakRequest): { type: string; content: string } {
  if (form) {
    return { type: 'application/x-www-form-urlencoded', content: `${new URLSearchParams(form)}` }
  }
  return { type: 'application/json', content: body === undefined ? '' : JSON.stringify(body) }
}

function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer)
  } catch {
    return undefined
  }
}
