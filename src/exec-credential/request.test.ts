import { expect, test } from 'vitest'
import { parseExecInfo } from './request.ts'

test('parseExecInfo() answers v1beta1 when kubectl said nothing', () => {
  for (const text of [undefined, '', '  ', '{}', '{"apiVersion":""}']) {
    expect(parseExecInfo(text).apiVersion).toBe('client.authentication.k8s.io/v1beta1')
  }
})

test('parseExecInfo() answers in the version that kubectl speaks', () => {
  for (const apiVersion of [
    'client.authentication.k8s.io/v1',
    'client.authentication.k8s.io/v1beta1',
  ]) {
    const text = JSON.stringify({
      apiVersion,
      kind: 'ExecCredential',
      spec: { interactive: false },
    })
    expect(parseExecInfo(text)).toEqual({ apiVersion, interactive: false })
  }
})

test('parseExecInfo() knows the API server when kubectl tells it', () => {
  const serverIn = (cluster: unknown) =>
    parseExecInfo(JSON.stringify({ spec: { interactive: true, cluster } })).server
  expect(serverIn({ server: 'https://k8s.example.com', config: null })).toBe(
    'https://k8s.example.com',
  )
  for (const cluster of [undefined, null, 'x', {}, { server: '' }, { server: 1 }]) {
    expect(serverIn(cluster)).toBeUndefined()
  }
})

test('parseExecInfo() refuses a version that it does not know', () => {
  const text = '{"apiVersion":"client.authentication.k8s.io/v2"}'
  expect(() => parseExecInfo(text)).toThrow(
    expect.objectContaining({ code: 'exec_api_version_unsupported' }),
  )
})

test('parseExecInfo() quotes a version so that it cannot act on a terminal', () => {
  const text = JSON.stringify({ apiVersion: 'v1\u009b31m\u202e\u0007' })
  expect(() => parseExecInfo(text)).toThrow(/version "v1 31m", which/)
})

test('parseExecInfo() refuses what is not an ExecCredential and does not quote it', () => {
  const inputs = ['{', '[]', '"text"', 'null', '{"spec":1}', '{"spec":{"interactive":"yes"}}']
  for (const text of inputs) {
    expect(() => parseExecInfo(text)).toThrow(
      expect.objectContaining({ code: 'exec_info_invalid' }),
    )
  }
  expect(() => parseExecInfo('{"secret": tok')).not.toThrow(/tok/)
})
