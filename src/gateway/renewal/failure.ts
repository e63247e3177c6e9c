import { NoAnswer } from '../kubernetes/index.ts'

/** Why a certificate was not renewed. The old one stays in use, and it is tried again. */
export class RenewalFailure extends Error {
  override readonly name = 'RenewalFailure'
  /** What an operator can do about it: a whole sentence. */
  readonly remedy: string

  constructor(message: string, remedy: string) {
    super(message)
    this.remedy = remedy
  }
}

/** What a failure says: our own and those of the way to the API server hold no secret, others might. */
export function wordsOf(error: unknown): { readonly reason: string; readonly remedy: string } {
  if (error instanceof RenewalFailure) return { reason: error.message, remedy: error.remedy }
  if (error instanceof NoAnswer) {
    return { reason: `${error.message}.`, remedy: 'Nothing, unless it lasts: it is tried again.' }
  }
  return {
    reason: 'Something unexpected happened.',
    remedy: 'It is tried again; if it lasts, report it.',
  }
}
