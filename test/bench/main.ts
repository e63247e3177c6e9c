/**
 * Figures, as ratios to rivals in the same run.
 *
 *   npm run bench                                   plugin and gateway
 *   npm run bench -- client                         the plugin only
 *   npm run bench -- gateway                        the gateway only; needs nginx and wrk
 *   KUBELOGIN=/path/to/kubelogin npm run bench      with int128/kubelogin in the same run
 *   BENCH_ROUNDS=100 BENCH_SECONDS=10 npm run bench
 */
import { cpus } from 'node:os'
import { benchClient } from './client.ts'
import { benchGateway } from './gateway/bench-gateway.ts'

const [only] = process.argv.slice(2)
console.log(`node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`)
if (only !== 'gateway') await benchClient()
if (only !== 'client') await benchGateway()
