import { isJsonObject, type Json, type JsonObject, textAt } from './json.ts'
import { type FieldType, type Message, messages } from './protobuf-messages.ts'
import { StatusError } from './status.ts'

/** The media type of objects in protobuf. */
export const protobufType = 'application/vnd.kubernetes.protobuf'

/**
 * Reads an object in protobuf: four magic bytes and a `runtime.Unknown`, which holds the object's
 * own message. Fields without a value are left out, as in JSON.
 *
 * @throws {StatusError} 415 for a kind or a field that is not known here
 * @throws RangeError for bytes that are no protobuf
 */
export function decodeProtobuf(bytes: Uint8Array): JsonObject {
  if (!magic.every((byte, index) => bytes[index] === byte)) throw new RangeError('no magic bytes')
  const envelope = fieldsOf(bytes.subarray(magic.length))
  const typeMeta = decode(blob(envelope.find(({ number }) => number === 1)?.value), {
    1: ['apiVersion', 'text'],
    2: ['kind', 'text'],
  })
  const kind = textAt(typeMeta, 'kind')
  const message = Object.hasOwn(messages, kind) ? messages[kind] : undefined
  if (!message) throw unsupported(`a ${kind}`)
  const content = blob(envelope.find(({ number }) => number === 2)?.value)
  return { ...typeMeta, ...decode(content, message) }
}

const magic = [0x6b, 0x38, 0x73, 0x00]

interface WireField {
  readonly number: number
  readonly value: bigint | Uint8Array
}

function fieldsOf(bytes: Uint8Array): readonly WireField[] {
  const fields: WireField[] = []
  let at = 0
  function varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at]
      if (byte === undefined) throw new RangeError('the message ends too early')
      at += 1
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new RangeError('a number is too long')
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const number = tag >>> 3
    const wireType = tag & 7
    if (wireType === 0) {
      fields.push({ number, value: varint() })
    } else if (wireType === 2) {
      const end = Number(varint()) + at
      if (end > bytes.length) throw new RangeError('the message ends too early')
      fields.push({ number, value: bytes.subarray(at, end) })
      at = end
    } else {
      throw new RangeError(`the wire type ${wireType} is not used by Kubernetes`)
    }
  }
  return fields
}

function decode(bytes: Uint8Array, message: Message): JsonObject {
  const object = new Map<string, Json>()
  for (const { number, value } of fieldsOf(bytes)) {
    const [name, type] = message[number] ?? []
    if (name === undefined || type === undefined) throw unsupported(`the field ${number}`)
    const decoded = decodeField(value, type, object.get(name))
    if (decoded !== undefined) object.set(name, decoded)
  }
  return Object.fromEntries(object)
}

/** @param before what an earlier occurrence of a repeated field gave */
function decodeField(
  value: WireField['value'],
  type: FieldType,
  before: Json | undefined,
): Json | undefined {
  switch (type) {
    case 'ignored':
      return undefined
    case 'text':
      return text(value) || undefined
    case 'texts':
      return [...(Array.isArray(before) ? before : []), text(value)]
    case 'integer':
      return Number(BigInt.asIntN(64, number(value)))
    case 'boolean':
      return number(value) !== 0n
    case 'textMap':
      return { ...(isJsonObject(before) ? before : {}), ...mapEntry(value, text) }
    case 'bytesMap':
      return { ...(isJsonObject(before) ? before : {}), ...mapEntry(value, base64) }
    default: {
      const object = decode(blob(value), type)
      return Object.keys(object).length === 0 ? undefined : object
    }
  }
}

function mapEntry(
  value: WireField['value'],
  read: (value: WireField['value'] | undefined) => string,
): JsonObject {
  const fields = fieldsOf(blob(value))
  const [key, content] = [1, 2].map((wanted) => fields.find(({ number }) => number === wanted))
  return Object.fromEntries([[text(key?.value), read(content?.value)]])
}

function blob(value: WireField['value'] | undefined): Uint8Array {
  if (typeof value === 'bigint') throw new RangeError('a number stands where bytes are expected')
  return value ?? new Uint8Array()
}

function number(value: WireField['value']): bigint {
  if (typeof value !== 'bigint') throw new RangeError('bytes stand where a number is expected')
  return value
}

function text(value: WireField['value'] | undefined): string {
  return new TextDecoder().decode(blob(value))
}

function base64(value: WireField['value'] | undefined): string {
  return Buffer.from(blob(value)).toString('base64')
}

function unsupported(what: string): StatusError {
  const message = `this server does not know ${what} in protobuf; send application/json`
  return new StatusError(415, 'UnsupportedMediaType', message, { details: {} })
}
