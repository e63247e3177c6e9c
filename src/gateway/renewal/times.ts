import type { CertificateFacts } from '../certificate/index.ts'

/** When something is to happen with a certificate, in milliseconds since the epoch. */
export interface RenewalTimes {
  /** From then on it is renewed. */
  readonly dueAt: number
  /** From then on less than a tenth of its life is left. */
  readonly nearEndAt: number
}

/**
 * Renewal begins at two thirds of the life of a certificate, so that a third is left for an approval.
 *
 * @param spread from 0 to 1, another one for each replica: they begin up to a tenth of a life apart, and
 *   mostly one finds what another has done
 */
export function renewalTimes(
  { notBefore, notAfter }: Pick<CertificateFacts, 'notBefore' | 'notAfter'>,
  spread = 0,
): RenewalTimes {
  const life = notAfter - notBefore
  return {
    dueAt: notBefore + life * (2 / 3 + spread / 10),
    nearEndAt: notAfter - life / 10,
  }
}

const secondMs = 1000
const hourMs = 60 * 60 * secondMs

/**
 * How long to wait after so many failures in a row: twice as long each time, at most an hour, and never
 * longer than a tenth of what is left.
 *
 * @param leftMs until the certificate in use ends
 */
export function pauseAfter(failures: number, leftMs: number): number {
  const pause = Math.min(10 * secondMs * 2 ** (failures - 1), hourMs)
  return Math.max(5 * secondMs, Math.min(pause, leftMs / 10))
}
