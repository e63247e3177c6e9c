import { availableParallelism } from 'node:os'

/** How many processes of this program can compute at the same time. */
export function processors(): number {
  return availableParallelism()
}
