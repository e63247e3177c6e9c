import type { ServerResponse } from 'node:http'
import type { Answer, StreamAnswer } from './answer.ts'

/** Writes an answer to its connection. */
export function writeAnswer(response: ServerResponse, answer: Answer): void {
  if ('start' in answer) {
    writeStream(response, answer)
  } else if ('bytes' in answer) {
    response.writeHead(answer.code, { 'content-type': answer.contentType })
    response.end(answer.bytes)
  } else {
    const contentType = answer.contentType ?? 'application/json'
    response.writeHead(answer.code, {
      ...answer.headers,
      'content-type': contentType,
      'cache-control': 'no-cache, private',
    })
    response.end(`${JSON.stringify(answer.json)}\n`)
  }
}

function writeStream(response: ServerResponse, { contentType, start }: StreamAnswer): void {
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-cache, private' })
  // A watcher waits for the head, even when there is nothing to tell yet.
  response.flushHeaders()
  const stop = start({
    write: (text) => {
      if (!response.writableEnded) response.write(text)
    },
    end: () => response.end(),
  })
  if (response.closed) stop()
  else response.on('close', stop)
}
