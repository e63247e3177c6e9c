import { expect, test } from 'vitest'
import { formatExecCredential } from './response.ts'

test('formatExecCredential() prints one line with the moment of the refresh in whole seconds', () => {
  const line = formatExecCredential('client.authentication.k8s.io/v1', {
    token: 'abc',
    refreshAt: Date.parse('2026-01-02T03:04:05.999Z'),
  })
  expect(line.endsWith('\n')).toBe(true)
  expect(line.trimEnd()).not.toContain('\n')
  expect(JSON.parse(line)).toEqual({
    kind: 'ExecCredential',
    apiVersion: 'client.authentication.k8s.io/v1',
    spec: { interactive: false },
    status: { expirationTimestamp: '2026-01-02T03:04:05Z', token: 'abc' },
  })
})
