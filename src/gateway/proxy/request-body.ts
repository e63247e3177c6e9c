import { Readable } from 'node:stream'
import type { BodyFraming } from '../request/index.ts'
import type { Client } from './respond.ts'

/**
 * The body of a request as a stream that can be given up without giving up the client: when the API
 * server answers early, or not at all, the client still gets that answer on its connection.
 * `100 Continue` is sent when the first byte is wanted: the decision has been taken by then (rule E8).
 *
 * @param tap told the length of each chunk
 * @returns undefined when there is none
 */
export function requestBody(
  { request, response }: Client,
  framing: BodyFraming,
  expectsContinue: boolean,
  tap: (bytes: number) => void,
): Readable | undefined {
  if (framing.kind === 'none' || (framing.kind === 'length' && framing.bytes === 0))
    return undefined
  let isAwaited = expectsContinue
  const onData = (chunk: Buffer): void => {
    tap(chunk.length)
    if (!body.push(chunk)) request.pause()
  }
  const onEnd = (): void => void body.push(null)
  const body = new Readable({
    read() {
      if (isAwaited) response.writeContinue()
      isAwaited = false
      request.resume()
    },
    destroy(error, done) {
      request.off('data', onData).off('end', onEnd).pause()
      done(error)
    },
  })
  request.on('data', onData).once('end', onEnd).pause()
  return body
}
