import { type HeaderLine, headerValue } from '../request/index.ts'

/**
 * Finds where a stream of events may end without cutting one in two, so that a client that is sent away
 * sees a whole event and then the end.
 */
export interface StreamBoundary {
  /** Takes note of what was passed on. */
  passed(chunk: Buffer): void
  /** Whether everything that was passed on so far is whole. */
  isReached(): boolean
  /** How many bytes of the next chunk belong to the event that has begun; undefined: all, and more. */
  rest(chunk: Buffer): number | undefined
}

/**
 * The boundary for an answer: kube-apiserver frames binary events by length and all others by line.
 * Nothing can be told of compressed bytes: any place is as good as another.
 */
export function boundaryFor(headers: readonly HeaderLine[]): StreamBoundary {
  if (headerValue(headers, 'content-encoding')) return undelimited
  return headerValue(headers, 'content-type')?.startsWith('application/vnd.kubernetes.protobuf')
    ? lengthDelimited()
    : lineDelimited()
}

const undelimited: StreamBoundary = {
  passed() {},
  isReached: () => true,
  rest: (chunk) => chunk.length,
}

function lineDelimited(): StreamBoundary {
  const newline = 0x0a
  let last = newline
  return {
    passed(chunk) {
      last = chunk.at(-1) ?? last
    },
    isReached: () => last === newline,
    rest(chunk) {
      const at = chunk.indexOf(newline)
      return at < 0 ? undefined : at + 1
    },
  }
}

/** Four bytes of length, big-endian, then so many bytes (k8s.io/apimachinery pkg/util/framer). */
function lengthDelimited(): StreamBoundary {
  const frame = { prefix: 0, length: 0, left: 0 }

  /** @returns where the first frame ends within the chunk */
  function walk(chunk: Buffer, state: typeof frame, untilFirst: boolean): number | undefined {
    let at = 0
    while (at < chunk.length) {
      if (state.left > 0) {
        const step = Math.min(state.left, chunk.length - at)
        state.left -= step
        at += step
      } else {
        state.length = ((state.length << 8) | (chunk[at] ?? 0)) >>> 0
        state.prefix += 1
        at += 1
        if (state.prefix < 4) continue
        state.left = state.length
        state.prefix = 0
        state.length = 0
      }
      if (untilFirst && state.left === 0 && state.prefix === 0) return at
    }
    return undefined
  }

  return {
    passed: (chunk) => void walk(chunk, frame, false),
    isReached: () => frame.left === 0 && frame.prefix === 0,
    rest: (chunk) => walk(chunk, { ...frame }, true),
  }
}
