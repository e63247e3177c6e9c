import { systemErrorCode } from '../errors.ts'

/** The outcome of an operation on a file; undefined when there is none (`ENOENT`). Other errors are thrown. */
export function unlessMissing<T>(operation: () => T): T | undefined {
  try {
    return operation()
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
