import { expect, test } from 'vitest'
import { trafficOf } from './wrk.ts'

/** As wrk 4.1.0 printed it; the deviations are those of another run, which ended in 50%. */
const printed = `Running 1s test @ https://127.0.0.1:39443/
  1 threads and 1 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   459.51us    1.93ms  23.43ms   95.50%
    Req/Sec    14.75k     2.46k   17.70k    60.99%
  Latency Distribution
     50%   40.00us
     75%   78.00us
     90%    0.86ms
     99%   11.19ms
  14707 requests in 1.01s, 2.13MB read
Requests/sec:  14597.68
Transfer/sec:      2.12MB
`

test('percentiles are read from their own lines, not from the column of deviations', () => {
  expect(trafficOf(printed)).toEqual({
    requests: 14_707,
    requestsPerSecond: 14_597.68,
    p50Ms: expect.closeTo(0.04),
    p99Ms: 11.19,
  })
})

test('answers that are no 200 and broken connections are failures', () => {
  const refused = `${printed}  Non-2xx or 3xx responses: 7\n`
  expect(() => trafficOf(refused)).toThrow('wrk saw failures')
  const broken = `${printed}  Socket errors: connect 0, read 3, write 0, timeout 0\n`
  expect(() => trafficOf(broken)).toThrow('wrk saw failures')
})

test('a figure that is missing is told, not taken for nought', () => {
  expect(() => trafficOf('unable to connect')).toThrow('wrk did not say')
})
