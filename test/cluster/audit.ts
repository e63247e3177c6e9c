import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Json } from '../world/api/json.ts'

/** Which audit events are wanted, and how many there must be before the wait ends. */
export interface AuditQuestion {
  readonly isWanted: (event: Json) => boolean
  /** 1 by default. */
  readonly atLeast?: number
}

/**
 * Waits for audit events (`audit.k8s.io/v1`), which the API server writes after its answer. The test's
 * time limit ends the wait.
 *
 * @param path file with one event a line
 * @returns all wanted events from the beginning of the file, in their order
 */
export async function auditEvents(path: string, question: AuditQuestion): Promise<readonly Json[]> {
  const { isWanted, atLeast = 1 } = question
  const readMore = linesOf(path)
  const found: Json[] = []
  for (;;) {
    found.push(
      ...readMore()
        .map((line): Json => JSON.parse(line))
        .filter(isWanted),
    )
    if (found.length >= atLeast) return found
    await sleep(50)
  }
}

/** A function that reads the whole lines which were added to a file since its last call. */
function linesOf(path: string): () => string[] {
  let position = 0
  return () => {
    if (!existsSync(path)) return []
    const text = readFrom(path, position)
    const whole = text.subarray(0, text.lastIndexOf('\n') + 1)
    position += whole.length
    return whole.toString('utf8').split('\n').slice(0, -1)
  }
}

function readFrom(path: string, position: number): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - position))
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, position))
  } finally {
    closeSync(file)
  }
}
