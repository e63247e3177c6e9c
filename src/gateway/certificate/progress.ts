import { printable } from '../../printable.ts'

/** How far a `CertificateSigningRequest` has come. */
export type SigningProgress =
  /** Nobody has approved it yet. */
  | { readonly kind: 'pending' }
  /** It is approved; the signer has not issued anything yet. */
  | { readonly kind: 'approved' }
  /** `certificate` is text that `verifyIssued` has not looked at. */
  | { readonly kind: 'issued'; readonly certificate: string }
  /** Somebody said no, or the signer could not. `why` is what they say of it: bounded, on one line. */
  | { readonly kind: 'denied' | 'failed'; readonly why: string }

/** Reads the progress of a request as the API server answered it. */
export function signingProgress(request: unknown): SigningProgress {
  const { conditions, certificate } = Object(Object(request).status)
  const found: readonly unknown[] = Array.isArray(conditions) ? conditions : []
  const condition = (type: string): unknown => found.find((one) => Object(one).type === type)
  const denied = condition('Denied')
  if (denied !== undefined) return { kind: 'denied', why: wordsOf(denied) }
  const failed = condition('Failed')
  if (failed !== undefined) return { kind: 'failed', why: wordsOf(failed) }
  if (condition('Approved') === undefined) return { kind: 'pending' }
  return typeof certificate === 'string' && certificate !== ''
    ? { kind: 'issued', certificate: Buffer.from(certificate, 'base64').toString('utf8') }
    : { kind: 'approved' }
}

function wordsOf(condition: unknown): string {
  const { reason, message } = Object(condition)
  const words = [reason, message].filter((word) => typeof word === 'string' && word !== '')
  return printable(words.join(': '), 300) || 'no reason was given'
}
