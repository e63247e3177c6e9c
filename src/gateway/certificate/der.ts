/**
 * Just as much of DER (X.690) as a certificate request is made of. What others wrote is never parsed
 * here: that is OpenSSL's business, behind `node:crypto`.
 *
 * @module
 */

/** `SEQUENCE`. */
export function sequence(...contents: readonly Uint8Array[]): Buffer {
  return element(0x30, contents)
}

/** `SET` of one: with more, DER would demand an order. */
export function setOfOne(content: Uint8Array): Buffer {
  return element(0x31, [content])
}

/** `INTEGER`, from 0 to 127. */
export function smallInteger(value: number): Buffer {
  return element(0x02, [Uint8Array.of(value)])
}

/** `UTF8String`. */
export function utf8String(text: string): Buffer {
  return element(0x0c, [Buffer.from(text, 'utf8')])
}

/** `BIT STRING` of whole bytes. */
export function bitString(bytes: Uint8Array): Buffer {
  return element(0x03, [Uint8Array.of(0), bytes])
}

/** `OBJECT IDENTIFIER`, such as `2.5.4.3`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(0x06, [Uint8Array.of(first * 40 + second), ...rest.map(base128)])
}

/** An empty value of the context-specific, constructed tag `[0]`. */
export const emptyTagged = Buffer.of(0xa0, 0)

function element(tag: number, contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents)
  return Buffer.concat([Uint8Array.of(tag), lengthOf(body.length), body])
}

/** Short form up to 127; else the number of bytes of the length, and then those. */
function lengthOf(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length)
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Uint8Array.of(0x80 + bytes.length, ...bytes)
}

/** Seven bits a byte, the highest first; all but the last are marked. */
function base128(value: number): Uint8Array {
  const bytes = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.unshift(0x80 + (rest % 128))
  }
  return Uint8Array.from(bytes)
}
