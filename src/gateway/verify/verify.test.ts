import { expect, test } from 'vitest'
import { type Access, parseAccess, pathOf } from './access.ts'
import { answerIn } from './http-answer.ts'

function pathOfText(text: string): string {
  const access: Access = parseAccess(text, 'may')
  return access.kind === 'path' ? access.path : pathOf(access, access.version ?? 'v9')
}

test.each([
  ['list services -n default', '/api/v9/namespaces/default/services'],
  ['list services --namespace=default', '/api/v9/namespaces/default/services'],
  ['-n default get pods/log hello', '/api/v9/namespaces/default/pods/hello/log'],
  ['list nodes', '/api/v9/nodes'],
  ['get deployments.apps hello -n x', '/apis/apps/v9/namespaces/x/deployments/hello'],
  ['list deployments.v1.apps', '/apis/apps/v1/deployments'],
  ['get /version', '/version'],
])('%s is asked for at %s', (text, path) => {
  expect(pathOfText(text)).toBe(path)
})

test.each(['', 'list', 'list services -n', 'get a b c', 'list Pods', 'get /a b', 'list a/b/c'])(
  '%j is no access',
  (text) => {
    expect(() => parseAccess(text, 'may')).toThrow('The value of --may is no access.')
  },
)

function answerOf(text: string, hasEnded = false) {
  return answerIn(Buffer.from(text, 'latin1'), hasEnded)
}

test('an answer is read when it is whole, whatever its framing', () => {
  const head = 'HTTP/1.1 200 OK\r\n'
  expect(answerOf('HTTP/1.1 200')).toBeUndefined()
  expect(answerOf(`${head}Content-Length: 3\r\n\r\nab`)).toBeUndefined()
  expect(answerOf(`${head}Content-Length: 3\r\n\r\nabc`)).toMatchObject({
    status: 200,
    body: 'abc',
  })
  const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n`
  expect(answerOf(chunked)).toBeUndefined()
  expect(answerOf(`${chunked}0\r\n\r\n`)).toMatchObject({ body: 'abc' })
  expect(answerOf(chunked, true)).toMatchObject({ body: 'abc' })
  expect(answerOf(`${head}\r\nabc`)).toBeUndefined()
  expect(answerOf(`${head}\r\nabc`, true)).toMatchObject({ body: 'abc' })
  expect(answerOf(`HTTP/1.1 100 Continue\r\n\r\n${head}Content-Length: 0\r\n\r\n`)).toMatchObject({
    status: 200,
  })
  expect(answerOf('HTTP/1.1 204 No Content\r\n\r\n')).toMatchObject({ status: 204, body: '' })
})
