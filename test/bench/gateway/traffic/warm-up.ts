import type { TrafficOptions } from './traffic.ts'
import { wrk } from './wrk.ts'

/** V8 compiles again and again until it knows a program. Servers run for weeks, so that is not measured. */
const warmUpSeconds = 12

/** Keeps a gateway busy until V8 knows it. */
export async function warmUp(
  options: Omit<TrafficOptions, 'connections' | 'seconds'>,
): Promise<void> {
  await wrk({ ...options, connections: 32, seconds: warmUpSeconds })
}
