import type { BodyFraming } from '../request/index.ts'
import type { BodySource } from '../upstream/index.ts'
import type { Client } from './respond.ts'

/**
 * The body of a request, on its way. It can be given up without giving up the client: when the API server
 * answers early, or not at all, the client still gets that answer on its connection. `100 Continue` is
 * sent when the first byte is wanted: the decision has been taken by then (rule E8).
 *
 * @param tap told the length of each chunk
 * @returns undefined when there is none
 */
export function requestBody(
  { request, answer }: Client,
  framing: BodyFraming,
  expectsContinue: boolean,
  tap: (bytes: number) => void,
): BodySource | undefined {
  if (framing.kind === 'none' || (framing.kind === 'length' && framing.bytes === 0))
    return undefined
  const { body } = request
  return {
    read(sink) {
      if (expectsContinue) answer.askForBody()
      body.read({
        data(chunk) {
          tap(chunk.length)
          return sink.data(chunk)
        },
        end: sink.end,
      })
    },
    resume: body.resume,
    cancel: body.cancel,
  }
}
