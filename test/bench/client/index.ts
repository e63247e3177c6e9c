import type { Measurement } from '../report/index.ts'
import { afterRedirect } from './after-redirect.ts'
import { cachedGetToken } from './cached.ts'
import { kubectlGet } from './kubectl-get.ts'

/** What is measured of the plugin. */
export const clientMeasurements: readonly Measurement[] = [
  cachedGetToken,
  kubectlGet,
  afterRedirect,
]
