/** A request whose meaning both audit logs tell. */
export interface Shape {
  readonly method: string
  readonly target: string
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** Below a version of an API group. */
const places = [
  'pods',
  'pods/p',
  'namespaces',
  'namespaces/n',
  'namespaces/n/status',
  'namespaces/n/finalize',
  'namespaces/n/pods',
  'namespaces/n/pods/p',
  'namespaces/n/pods/p/status',
  'namespaces/n/pods/p/exec',
  'namespaces/n/pods/p/log',
  'namespaces/n/pods/p/ephemeralcontainers',
  'namespaces/n/pods/p/proxy',
  'namespaces/n/pods/p/proxy/a/b',
  'namespaces/n/services/https:s:443/proxy/x',
  'namespaces/n/services/s/proxy/api/v1/pods',
  'namespaces/n/serviceaccounts/s/token',
  'namespaces/n/pods/p/a/b/c',
  'namespaces/n/namespaces/m',
  'nodes/n/proxy/metrics',
  'watch/pods',
  'watch/pods/p',
  'watch/namespaces/n/pods',
  'watch/namespaces/n/pods/p',
  'watch/namespaces',
  'watch/namespaces/n',
  'proxy/nodes/n',
  'proxy/namespaces/n/pods/p/x',
] as const

const prefixes = ['/api/v1', '/apis/apps/v1', '/apis/metrics.k8s.io/v1beta1'] as const

const others = [
  '/',
  '/api',
  '/api/',
  '/api/v1',
  '/api/v1/',
  '/apis',
  '/apis/apps',
  '/apis/apps/v1',
  '/apis/apps/v1/',
  '/version',
  '/healthz',
  '/livez/ping',
  '/metrics',
  '/openapi/v2',
  '/openapi/v3/api/v1',
  '/logs/kube-apiserver.log',
  '/debug/pprof/heap',
  '/.well-known/openid-configuration',
  '/apiz/v1/pods',
  '/API/v1/pods',
  '/foo/api/v1/pods',
  '/a%20b',
  '/%61pi/v1/pods',
] as const

/** Paths that are odd, but paths. */
const odd = [
  '/api/v1/pods/',
  '/api/v1/namespaces/n/pods/',
  '/api/v1/namespaces/n/pods/p/',
  '/api/v1/namespaces/n/',
  '/api/v1/namespaces/',
  '/api/v1/namespaces/n/pods/p%2Fexec',
  '/api/v1/namespaces/a%2Fb/pods',
  '/api/v1/namespaces/n%20m/pods/%C3%A9',
  '/api/v1/namespaces/n/pods/%E6%97%A5%E6%9C%AC',
  '/api/v1/namespaces/n/pods/a%ff',
  '/api/v1/namespaces/n/pods/a%25b',
  '/api/v1/namespaces/n/pods/a;b',
  '/api/v1/namespaces/n/pods/a:b@c,d=e+f',
  '/api/v1/namespaces/n/pods/...',
  '/api/v1/namespaces/n/pods/p~',
  '/api/v1/%70ods',
  '/api/v1/namespaces%2Fn%2Fpods',
  '/apis/apps%2Fv1/deployments/d/x',
  '/api/v1/Pods/P',
  '/api/v1/status',
  '/api/v1/namespaces/status',
  '/api/v1/namespaces/n/status/x',
  '/api/v1/namespaces/n/finalize/status',
  '/api/v1/watchx/pods',
] as const

const queries = [
  'watch=true',
  'watch=1',
  'watch=0',
  'watch=false',
  'watch=FALSE',
  'watch=',
  'watch',
  'watch=yes',
  'watch=false&watch=true',
  'Watch=true',
  'watch=true&limit=x',
  'watch=true&timeoutSeconds=1s',
  'watch=true&resourceVersion=x',
  'watch=true&allowWatchBookmarks=x',
  'watch=true;x=1',
  'w%61tch=true',
  'watch=tru%65',
  'watch=%zz',
  'limit=500',
  'limit=x&fieldSelector=metadata.name%3Dp',
  'limit=&fieldSelector=metadata.name%3Dp',
  'limit=+5&fieldSelector=metadata.name%3Dp',
  'limit=99999999999999999999&fieldSelector=metadata.name%3Dp',
  'timeoutSeconds=1.5&fieldSelector=metadata.name%3Dp',
  'allowWatchBookmarks=x&fieldSelector=metadata.name%3Dp',
  'sendInitialEvents=x&fieldSelector=metadata.name%3Dp',
  'labelSelector=%3D%3D&fieldSelector=metadata.name%3Dp',
  'labelSelector=a%20in%20(b)&fieldSelector=metadata.name%3Dp',
  'labelSelector=a%20in%20b&fieldSelector=metadata.name%3Dp',
  'continue=x&fieldSelector=metadata.name%3Dp',
  'resourceVersionMatch=x&fieldSelector=metadata.name%3Dp',
  'shardSelector=x&fieldSelector=metadata.name%3Dp',
  'fieldSelector=metadata.name%3Dp',
  'fieldSelector=metadata.name=p',
  'fieldSelector=metadata.name%3D%3Dp',
  'fieldSelector=metadata.name!%3Dp',
  'fieldSelector=metadata.name%3Dp,metadata.name%3Dq',
  'fieldSelector=metadata.name%3Dp,metadata.name%3Dp',
  'fieldSelector=spec.nodeName%3Dx,metadata.name%3Dp',
  'fieldSelector=metadata.name%3D',
  'fieldSelector=metadata.name%3Da%2Fb',
  'fieldSelector=metadata.name%3D..',
  'fieldSelector=metadata.name%3D.',
  'fieldSelector=metadata.name%3Da%25b',
  'fieldSelector=metadata.name%3Da%5C%2Cb',
  'fieldSelector=metadata.name%3Da%5Cb',
  'fieldSelector=metadata.name',
  'fieldSelector=%3Dp',
  'fieldSelector=,,metadata.name%3Dp,',
  'fieldSelector=metadata.name%3Dp&fieldSelector=metadata.name%3Dq',
  'fieldSelector=Metadata.Name%3Dp',
  'fieldSelector=metadata.name+%3D+p',
  'fieldSelector=metadata.namespace%3Dn,metadata.name%3Dp&watch=true',
  'command=ls&command=-l&container=c&stdin=true',
  'pretty=true&fieldManager=kubectl',
  'propagationPolicy=Background',
  '',
  '&&watch=true&&',
  '?watch=true',
  'watch=true?',
] as const

/** Five hundred and more. */
export const shapes: readonly Shape[] = [
  ...prefixes.flatMap((prefix) =>
    places.flatMap((place) =>
      methods
        // The group makes no difference to most methods.
        .filter((method) => prefix === '/api/v1' || method === 'GET' || method === 'DELETE')
        .map((method) => ({ method, target: `${prefix}/${place}` })),
    ),
  ),
  ...[...others, ...odd].flatMap((target) =>
    ['GET', 'DELETE', 'POST'].map((method) => ({ method, target })),
  ),
  ...queries.flatMap((query) => [
    { method: 'GET', target: `/api/v1/namespaces/n/pods?${query}` },
    { method: 'GET', target: `/api/v1/namespaces/n/pods/p?${query}` },
    { method: 'DELETE', target: `/api/v1/namespaces/n/pods?${query}` },
  ]),
]

/**
 * The only ones that are read otherwise: a label selector that cannot be parsed makes kube-apiserver forget
 * the name in the field selector. It refuses such a request; our log keeps the name.
 */
export const unlike: readonly string[] = [
  '/api/v1/namespaces/n/pods?labelSelector=%3D%3D&fieldSelector=metadata.name%3Dp',
  '/api/v1/namespaces/n/pods?labelSelector=a%20in%20b&fieldSelector=metadata.name%3Dp',
]
