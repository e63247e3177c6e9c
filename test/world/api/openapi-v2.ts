import { type Answer, ok } from './answer.ts'

/** kubectl asks for it with an `@` in it, which Go does not take for a media type in an answer. */
const protobufType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'

/**
 * Answers `/openapi/v2` with a document that describes nothing: enough for kubectl before
 * 1.29, which then uses what it knows itself and asks `/openapi/v3` whether fields are validated here.
 *
 * @param accept the Accept header
 */
export function openApiV2(accept: string | undefined): Answer {
  if (!accept?.includes('proto-openapi.spec.v2')) {
    return ok({ swagger: '2.0', info: { title, version }, paths: {}, definitions: {} })
  }
  const info = message([1, Buffer.from(title)], [2, Buffer.from(version)])
  const bytes = message([1, Buffer.from('2.0')], [2, info])
  return { code: 200, bytes, contentType: protobufType }
}

const title = 'Kubernetes'
const version = 'v1'

/** Protobuf, for fields of text and messages shorter than 128 bytes. */
function message(...fields: readonly (readonly [number: number, content: Buffer])[]): Buffer {
  const lengthDelimited = 2
  const parts = fields.flatMap(([number, content]) => [
    Buffer.from([(number << 3) | lengthDelimited, content.length]),
    content,
  ])
  return Buffer.concat(parts)
}
