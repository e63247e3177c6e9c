import type { ArrivedRequest, Script } from './recorder.ts'

/** Answers with these bytes, after the request's body has come. Text is Latin-1. */
export function answering(...lines: readonly string[]): Script {
  return async ({ socket, body }) => {
    await body()
    socket.write(lines.join('\r\n'), 'latin1')
  }
}

/** A watch: its head at once, events when the test sends them. */
export interface Watch {
  readonly script: Script
  /** Waits for the watch to begin; what it gets then writes chunks. */
  begun(): Promise<WatchSource>
}

/** The API server's side of a watch. */
export interface WatchSource {
  readonly request: ArrivedRequest
  /** Sends one chunk. */
  send(text: string): void
}

/** Makes the script of a watch. */
export function watching(contentType = 'application/json'): Watch {
  let give: (source: WatchSource) => void = () => {}
  const begun = new Promise<WatchSource>((resolve) => {
    give = resolve
  })
  return {
    script: (request) => {
      const { socket } = request
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\nTransfer-Encoding: chunked\r\n\r\n`,
      )
      give({
        request,
        send: (text) => {
          socket.write(`${Buffer.byteLength(text, 'latin1').toString(16)}\r\n${text}\r\n`, 'latin1')
        },
      })
    },
    begun: async () => await begun,
  }
}
