import { expect, test } from 'vitest'
import { parsePlan } from './parse-plan.ts'

test('without options a gateway is started here', () => {
  expect(parsePlan([])?.target).toEqual({ kind: 'local', apiServer: 'stand-in', workers: '1' })
  expect(parsePlan(['--help'])).toBeUndefined()
})

test('load goes to another computer only on purpose', () => {
  const remote = ['--gateway=https://gateway.example.com', '--token-file=tokens']
  expect(() => parsePlan(remote)).toThrow('--allow-remote')
  expect(parsePlan([...remote, '--allow-remote'])?.target).toMatchObject({ kind: 'running' })
  for (const host of ['localhost', '127.0.0.5', '[::1]']) {
    expect(parsePlan([`--gateway=https://${host}:8443`, '--token-file=tokens'])).toBeDefined()
  }
  for (const host of ['127.0.0.1.example.com', '128.0.0.1']) {
    expect(() => parsePlan([`--gateway=https://${host}`, '--token-file=t'])).toThrow('remote')
  }
})

test('what makes no sense is refused', () => {
  expect(() => parsePlan(['--watches=-1'])).toThrow('--watches must be a number, at least 0.')
  expect(() => parsePlan(['--watches=many'])).toThrow('--watches')
  expect(() => parsePlan(['--workers=some'])).toThrow('--workers')
  expect(() => parsePlan(['--api-server=mine'])).toThrow('--api-server')
  expect(() => parsePlan(['--gateway=https://localhost'])).toThrow('--token-file')
})
