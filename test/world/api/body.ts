import type { IncomingMessage } from 'node:http'
import type { Body } from './call.ts'
import { parseJson } from './json.ts'
import { decodeProtobuf, protobufType } from './protobuf.ts'
import { badRequest, StatusError } from './status.ts'

/** kube-apiserver's own limit. */
const maxBodyBytes = 3 * 1024 * 1024

/**
 * Reads the body of a request. An empty body reads as an empty object.
 *
 * @param mediaTypes the media types that are accepted
 * @throws {StatusError} 400 when it is malformed, 413 when it is too large, 415 for another type
 */
export async function readObjectBody(
  request: IncomingMessage,
  mediaTypes: readonly string[] = ['application/json', protobufType],
): Promise<Body> {
  const [header = ''] = (request.headers['content-type'] ?? 'application/json').split(';')
  const mediaType = header.trim().toLowerCase()
  if (!mediaTypes.includes(mediaType)) throw unsupported(mediaTypes)
  const bytes = await readBytes(request)
  if (bytes.length === 0) return { mediaType, json: {} }
  try {
    if (mediaType === protobufType) return { mediaType, json: decodeProtobuf(bytes) }
    return { mediaType, json: parseJson(bytes.toString('utf8')) }
  } catch (error) {
    if (error instanceof StatusError) throw error
    throw badRequest(`the body of the request is not ${mediaType}`)
  }
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > maxBodyBytes) throw tooLarge()
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

function unsupported(mediaTypes: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${mediaTypes.join(', ')}`
  return new StatusError(415, 'UnsupportedMediaType', message, { details: {} })
}

function tooLarge(): StatusError {
  const message = `Request entity too large: limit is ${maxBodyBytes}`
  return new StatusError(413, 'RequestEntityTooLarge', message, { details: {} })
}
