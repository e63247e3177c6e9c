import { setMaxListeners } from 'node:events'
import type { AccessQuestion, Reviewer } from '../kubernetes/index.ts'

/** What the API server thinks of all questions together. */
export type Outcome =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'denied'; readonly question: AccessQuestion }
  /** At least one question got no answer: never a yes (rule A21). */
  | { readonly kind: 'unknown' }

/** One budget for all questions of a request, in milliseconds. */
const budgetMs = 5_000

/**
 * Asks all questions at once. A clear no counts even when other questions get no answer.
 *
 * @param signal aborted when the client goes away
 */
export async function askAll(
  reviewer: Reviewer,
  questions: readonly AccessQuestion[],
  signal: AbortSignal,
): Promise<Outcome> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(budgetMs)])
  // Each question listens to it; many are no leak.
  setMaxListeners(0, inTime)
  const answers = await Promise.allSettled(
    questions.map(async (question) => await reviewer.isAllowed(question, inTime)),
  )
  const denied = answers.findIndex((answer) => answer.status === 'fulfilled' && !answer.value)
  const question = questions[denied]
  if (question) return { kind: 'denied', question }
  const isAllowed = answers.every((answer) => answer.status === 'fulfilled' && answer.value)
  return isAllowed && questions.length > 0 ? { kind: 'allowed' } : { kind: 'unknown' }
}
