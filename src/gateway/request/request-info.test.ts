import { expect, test } from 'vitest'
import { isLongRunning, type RequestInfo, requestInfo } from './request-info.ts'
import { parseTarget } from './target.ts'

function info(method: string, target: string): RequestInfo {
  const parsed = parseTarget(target)
  if (parsed.kind === 'refused') throw new Error(parsed.message)
  return requestInfo(method, parsed)
}

/** verb group/version namespace resource subresource name, `-` where empty. */
function short(method: string, target: string): string {
  const found = info(method, target)
  if (!found.isResourceRequest) return `${found.verb} ${found.path}`
  const { verb, apiGroup, apiVersion, namespace, resource, subresource, name } = found
  return [verb, apiGroup, apiVersion, namespace, resource, subresource, name]
    .map((part) => part || '-')
    .join(' ')
}

// k8s.io/apiserver pkg/endpoints/request/requestinfo_test.go holds the same shapes.
test.each([
  ['GET', '/api/v1/namespaces', 'list - v1 - namespaces - -'],
  ['GET', '/api/v1/namespaces/other', 'get - v1 other namespaces - other'],
  ['PUT', '/api/v1/namespaces/other/finalize', 'update - v1 other namespaces finalize other'],
  ['GET', '/api/v1/namespaces/other/status', 'get - v1 other namespaces status other'],
  ['GET', '/api/v1/namespaces/other/pods', 'list - v1 other pods - -'],
  ['GET', '/api/v1/namespaces/other/pods/foo', 'get - v1 other pods - foo'],
  ['HEAD', '/api/v1/namespaces/other/pods/foo', 'get - v1 other pods - foo'],
  ['GET', '/api/v1/pods', 'list - v1 - pods - -'],
  ['HEAD', '/api/v1/pods', 'list - v1 - pods - -'],
  ['POST', '/api/v1/pods', 'create - v1 - pods - -'],
  ['DELETE', '/api/v1/namespaces/other/pods', 'deletecollection - v1 other pods - -'],
  ['DELETE', '/api/v1/namespaces/other/pods/foo', 'delete - v1 other pods - foo'],
  ['PATCH', '/api/v1/namespaces/other/pods/foo', 'patch - v1 other pods - foo'],
  ['GET', '/api/v1/namespaces/a/pods/b/log?follow=true', 'get - v1 a pods log b'],
  ['POST', '/api/v1/namespaces/a/pods/b/exec?command=sh', 'create - v1 a pods exec b'],
  ['GET', '/api/v1/namespaces/a/services/b/proxy/c/d', 'get - v1 a services proxy b'],
  ['GET', '/apis/apps/v1/namespaces/a/deployments/b/scale', 'get apps v1 a deployments scale b'],
  ['GET', '/apis/apps/v1/deployments', 'list apps v1 - deployments - -'],
  ['GET', '/api/v1/watch/pods', 'watch - v1 - pods - -'],
  ['GET', '/api/v1/watch/namespaces/a/pods/b', 'watch - v1 a pods - b'],
  ['GET', '/api/v1/proxy/namespaces/a/pods/b/c', 'proxy - v1 a pods - b'],
  ['GET', '/api/v1/watch', 'get - v1 - - - -'],
  ['GET', '/api/v1/pods?watch=true', 'watch - v1 - pods - -'],
  ['GET', '/api/v1/pods?watch=1&x=y', 'watch - v1 - pods - -'],
  ['GET', '/api/v1/pods?watch', 'watch - v1 - pods - -'],
  ['GET', '/api/v1/pods?watch=False', 'list - v1 - pods - -'],
  ['GET', '/api/v1/pods?watch=0&watch=1', 'list - v1 - pods - -'],
  ['GET', '/api/v1/pods?watc%68=1', 'watch - v1 - pods - -'],
  ['GET', '/api/v1/pods?fieldSelector=metadata.name%3Dfoo', 'list - v1 - pods - foo'],
  ['GET', '/api/v1/pods?fieldSelector=a%3Db,metadata.name%3D%3Dfoo', 'list - v1 - pods - foo'],
  ['GET', '/api/v1/pods?fieldSelector=metadata.name%21%3Dfoo', 'list - v1 - pods - -'],
  ['GET', '/api/v1/pods?fieldSelector=metadata.name%3Dfoo/bar', 'list - v1 - pods - -'],
  ['GET', '/api/v1/pods?fieldSelector=metadata.name%3Df%5C,oo', 'list - v1 - pods - f,oo'],
  ['GET', '/api/v1/pods?fieldSelector=metadata.name%3Df%5Coo', 'list - v1 - pods - -'],
  ['GET', '/api/v1/pods?limit=x&fieldSelector=metadata.name%3Dfoo', 'list - v1 - pods - -'],
  ['GET', '/api/v1/pods?limit=+5&fieldSelector=metadata.name%3Dfoo', 'list - v1 - pods - -'],
  ['GET', '/api/v1/pods?limit=%2B5&fieldSelector=metadata.name%3Dfoo', 'list - v1 - pods - foo'],
  [
    'GET',
    '/api/v1/pods?limit=9223372036854775808&fieldSelector=metadata.name%3Dfoo',
    'list - v1 - pods - -',
  ],
  [
    'DELETE',
    '/api/v1/namespaces/a/pods?fieldSelector=metadata.name%3Dfoo',
    'deletecollection - v1 a pods - -',
  ],
  ['GET', '/api/v1/namespaces/a%2Fpods', 'list - v1 a pods - -'],
  ['OPTIONS', '/api/v1/pods', '- - v1 - pods - -'],
  ['GET', '/', 'get /'],
  ['GET', '/api', 'get /api'],
  ['GET', '/api/v1', 'get /api/v1'],
  ['GET', '/apis/apps/v1', 'get /apis/apps/v1'],
  ['POST', '/version', 'post /version'],
  ['GET', '/healthz/ping/more', 'get /healthz/ping/more'],
])('requestInfo() reads %s %s as %s', (method, target, expected) => {
  expect(short(method, target)).toBe(expected)
})

test.each([
  ['/api/v1/pods?watch=1', true],
  ['/api/v1/namespaces/a/pods/b/exec', true],
  ['/api/v1/namespaces/a/pods/b/log', true],
  ['/api/v1/namespaces/a/pods/b/portforward', true],
  ['/api/v1/namespaces/a/services/b/proxy/', true],
  ['/api/v1/pods', false],
  ['/api/v1/namespaces/a/pods/b/status', false],
  ['/healthz', false],
])('isLongRunning() of %s is %s', (target, expected) => {
  expect(isLongRunning(info('GET', target))).toBe(expected)
})

test.each([
  ['slashes', `/api/v1/${'%2f'.repeat(400_000)}x`],
  ['pairs', `/api/v1/pods?${'a&'.repeat(400_000)}`],
  ['escapes', `/api/v1/pods?${'%61'.repeat(400_000)}=1`],
  ['a selector', `/api/v1/pods?fieldSelector=${'%5C%5C,'.repeat(200_000)}`],
])('G3 many %s keep nobody waiting: strangers may send them', (_, target) => {
  expect(info('GET', target).verb).not.toBe('')
})
