import { expect, test } from 'vitest'
import { connectionsOf } from './hey.ts'

/** As hey 0.1.5 printed it, shortened. */
const printed = `
Summary:
  Total:	1.0065 secs
  Requests/sec:	432.2010

Latency distribution:
  10%% in 0.0021 secs
  50%% in 0.0037 secs
  99%% in 0.0220 secs

Status code distribution:
  [200]	435 responses
`

test('rates and percentiles are read', () => {
  expect(connectionsOf(printed)).toEqual({
    requests: 435,
    requestsPerSecond: 432.201,
    p50Ms: expect.closeTo(3.7),
    p99Ms: expect.closeTo(22),
  })
})

test('answers that are no 200 and broken connections are failures', () => {
  const refused = printed.replace('[200]', '[401]')
  expect(() => connectionsOf(refused)).toThrow('hey saw failures')
  const some = `${printed}  [503]	1 responses\n`
  expect(() => connectionsOf(some)).toThrow('hey saw failures')
  const broken = `${printed}\nError distribution:\n  [4]	Get "https://127.0.0.1:1/": connection refused\n`
  expect(() => connectionsOf(broken)).toThrow('hey saw failures')
})

test('a figure that is missing is told, not taken for nought', () => {
  expect(() => connectionsOf(printed.replace('99%%', '98%%'))).toThrow('hey did not say')
})
