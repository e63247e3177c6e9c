import { expect, test } from 'vitest'
import { parseRequest } from './request.ts'
import { StatusError } from './status.ts'

test.each([
  ['GET', '/api/v1/services', 'list', { resource: 'services', group: '' }],
  ['GET', '/api/v1/services/', 'list', { resource: 'services', namespace: undefined }],
  ['GET', '/api/v1/namespaces/a/services', 'list', { resource: 'services', namespace: 'a' }],
  ['GET', '/api/v1/namespaces/a/services?watch', 'watch', { resource: 'services' }],
  ['GET', '/api/v1/namespaces/a/services?watch=0', 'list', { resource: 'services' }],
  ['GET', '/api/v1/namespaces/a/services/b', 'get', { resource: 'services', name: 'b' }],
  ['GET', '/api/v1/namespaces/a/pods/b/log', 'get', { resource: 'pods', subresource: 'log' }],
  ['GET', '/api/v1/namespaces', 'list', { resource: 'namespaces', namespace: undefined }],
  ['GET', '/api/v1/namespaces/a', 'get', { resource: 'namespaces', name: 'a', namespace: 'a' }],
  ['GET', '/api/v1/namespaces/a/status', 'get', { resource: 'namespaces', subresource: 'status' }],
  ['POST', '/apis/apps/v1/namespaces/a/deployments', 'create', { group: 'apps', version: 'v1' }],
  ['PUT', '/api/v1/namespaces/a/pods/b', 'update', { name: 'b' }],
  ['PATCH', '/api/v1/namespaces/a/pods/b', 'patch', { name: 'b' }],
  ['DELETE', '/api/v1/namespaces/a/pods/b', 'delete', { name: 'b' }],
  ['DELETE', '/api/v1/namespaces/a/pods', 'deletecollection', { name: undefined }],
])('%s %s is the verb %s', (method, url, verb, target) => {
  expect(parseRequest(method, url)).toMatchObject({ verb, target })
})

test.each([
  '/version',
  '/api',
  '/api/v1',
  '/apis',
  '/apis/apps',
  '/apis/apps/v1',
  '/openapi/v3',
  '/',
])('%s is no resource', (path) => {
  expect(parseRequest('GET', path)).toMatchObject({ verb: 'get', path, target: undefined })
})

test.each([
  '/api/v1/namespaces/a/../b/pods',
  '/api/v1/namespaces/a/%2e%2e/b/pods',
  '/api/v1//pods',
  '/api/v1/namespaces/a%2Fpods',
  '/api/v1/%zz',
  'https://example.com/api/v1/pods',
])('%s is refused because two readers could differ about it', (url) => {
  expect(() => parseRequest('GET', url)).toThrow(StatusError)
})
