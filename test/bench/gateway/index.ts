import type { Measurement } from '../report/index.ts'
import { addedLatency } from './measurements/added-latency.ts'
import { exec } from './measurements/exec.ts'
import { newConnections } from './measurements/new-connections.ts'
import { realApiServer } from './measurements/real-api-server.ts'
import { requests } from './measurements/requests.ts'
import { watches } from './measurements/watches.ts'

/** What is measured of the gateway. */
export const gatewayMeasurements: readonly Measurement[] = [
  requests,
  addedLatency,
  newConnections,
  realApiServer,
  watches,
  exec,
]
