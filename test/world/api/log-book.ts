import type { KubernetesObject } from './object.ts'

/** One line that a container wrote. */
export interface LogLine {
  readonly container: string
  readonly text: string
  /** When, in milliseconds since the epoch. */
  readonly at: number
}

/** What the containers of the pods have written. */
export interface LogBook {
  /** Adds a line. */
  append(pod: KubernetesObject, container: string, text: string): void
  /** The lines of a container so far. */
  lines(pod: KubernetesObject, container: string): readonly LogLine[]
  /** Tells of each new line of a container. */
  follow(pod: KubernetesObject, container: string, listener: (line: LogLine) => void): () => void
}

/**
 * Makes an empty log book.
 *
 * @param now the time, in milliseconds since the epoch
 */
export function createLogBook(now: () => number): LogBook {
  const lines = new Map<string, LogLine[]>()
  const listeners = new Set<(pod: string, line: LogLine) => void>()

  return {
    append({ metadata: { uid } }, container, text) {
      const line = { container, text, at: now() }
      lines.set(uid, [...(lines.get(uid) ?? []), line])
      for (const listener of [...listeners]) listener(uid, line)
    },
    lines: ({ metadata: { uid } }, container) =>
      (lines.get(uid) ?? []).filter((line) => line.container === container),
    follow({ metadata: { uid } }, container, tell) {
      const listener = (pod: string, line: LogLine): void => {
        if (pod === uid && line.container === container) tell(line)
      }
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
