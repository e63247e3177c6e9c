import type { Refusal, RefusalReason } from './refusal.ts'

/** A request ends here: `refuse(400, 'request_malformed', 'The request has two Host lines.')`. */
export function refuse(status: number, reason: RefusalReason, message: string): Refusal {
  return { kind: 'refused', status, reason, message }
}

/** The request breaks a rule of HTTP or one of ours that protects its meaning. */
export function malformed(message: string): Refusal {
  return refuse(400, 'request_malformed', message)
}
