import type { Clock } from '../../system/index.ts'
import type { UpstreamAccess } from '../upstream/index.ts'
import { prove } from './prove.ts'

const pauseMs = 5_000

/**
 * Tries a certificate until the API server gives a clear answer: an approval by hand must not be lost
 * because it restarts at that moment.
 *
 * @param commonName whom it must see
 * @throws the signal's reason
 */
export async function clearProof(
  clock: Clock,
  access: UpstreamAccess,
  commonName: string,
  signal: AbortSignal,
): Promise<'good' | 'refused' | 'somebody-else'> {
  for (;;) {
    const proof = await prove(access, signal)
    if (proof.kind === 'refused') return 'refused'
    if (proof.kind === 'accepted') {
      const isSame = proof.username === undefined || proof.username === commonName
      return isSame ? 'good' : 'somebody-else'
    }
    await clock.sleep(pauseMs, signal)
  }
}
