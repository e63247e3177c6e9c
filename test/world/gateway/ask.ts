import { request } from 'node:https'

/** What a request of a test carries. */
export interface Asking {
  readonly port: number
  readonly ca: string
  readonly path: string
  readonly method?: string
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** An answer as a whole. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** Sends one request on a connection of its own and waits for its whole answer. */
export async function ask({
  port,
  ca,
  path,
  method = 'GET',
  token,
  headers = {},
  body,
}: Asking): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const sending = request(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        port,
        ca,
        path,
        method,
        agent: false,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        )
        response.on('error', reject)
      },
    )
    sending.on('error', reject)
    sending.end(body)
  })
}
