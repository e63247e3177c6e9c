import type { Refusal } from './refusal.ts'
import { malformed, refuse } from './refuse.ts'

/** The parts of a request target that rules look at. */
export interface Target {
  readonly kind: 'target'
  /** Up to the first `?`, byte for byte. */
  readonly path: string
  /** The path percent-decoded once, as kube-apiserver reads it. */
  readonly decodedPath: string
  /** After the first `?`, byte for byte; empty without one. */
  readonly query: string
}

/**
 * Checks a request target in origin form (RFC 9112 §3.2.1). It is forwarded byte for byte or not at
 * all: a proxy that decodes and encodes again makes two truths of one path (rules D1, D2, D4, D6).
 */
export function parseTarget(target: string): Target | Refusal {
  if (!target.startsWith('/')) {
    return refusedTarget('The request target must be a path that begins with "/".')
  }
  if (forbiddenBytes.test(target)) {
    return refusedTarget('The request target holds a character that may not stand in one.')
  }
  const end = target.indexOf('?')
  const path = end < 0 ? target : target.slice(0, end)
  const query = end < 0 ? '' : target.slice(end + 1)
  if (path.includes('//')) return refusedTarget('The path holds "//".')
  const decodedPath = percentDecoded(path)
  if (decodedPath === undefined) return malformed('The path holds a malformed "%".')
  if (decodedPath.includes('\0')) return refusedTarget('The path holds a NUL.')
  if (dotSegment.test(decodedPath)) return refusedTarget('The path holds a "." or ".." segment.')
  return { kind: 'target', path, decodedPath, query }
}

/** Bytes as UTF-8; undefined when a `%` is not followed by two hexadecimal digits. The text is ASCII. */
export function percentDecoded(text: string): string | undefined {
  if (!text.includes('%')) return text
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return undefined
  const bytes = Buffer.alloc(text.length)
  let length = 0
  for (let at = 0; at < text.length; at += 1, length += 1) {
    const isEscape = text.charCodeAt(at) === percent
    bytes[length] = isEscape ? Number.parseInt(text.slice(at + 1, at + 3), 16) : text.charCodeAt(at)
    if (isEscape) at += 2
  }
  return bytes.toString('utf8', 0, length)
}

const percent = 0x25

/** Anything but visible ASCII, and `#` and `\`, which some parsers take for the end or for a `/`. */
const forbiddenBytes = /[^\x21-\x7e]|[#\\]/

const dotSegment = /(?:^|\/)\.{1,2}(?:\/|$)/

function refusedTarget(message: string): Refusal {
  return refuse(400, 'request_target_refused', message)
}
