import type { Clock } from '../../system/index.ts'

/** Makes a source of `Date` values (RFC 9110 §5.6.7), each made once in its second. */
export function createHttpDate(clock: Clock): () => string {
  let second = Number.NaN
  let text = ''
  return () => {
    const now = Math.floor(clock.now() / 1000)
    if (now !== second) {
      second = now
      text = new Date(now * 1000).toUTCString()
    }
    return text
  }
}
