import type { UserInfo } from '../identity/index.ts'
import type { AccessQuestion } from '../kubernetes/index.ts'

/**
 * What the API server would ask its authorizer before it let `requester` act as `target`: one question
 * a name, group, extra value and uid (rule A20; k8s.io/apiserver
 * pkg/endpoints/filters/impersonation/impersonation.go).
 */
export function nestedQuestions(requester: UserInfo, target: UserInfo): AccessQuestion[] {
  const ask = (what: Partial<AccessQuestion>): AccessQuestion => ({
    user: requester,
    verb: 'impersonate',
    group: '',
    version: '',
    resource: '',
    subresource: '',
    namespace: '',
    name: '',
    ...what,
  })
  const authentication = { group: 'authentication.k8s.io', version: 'v1' }
  return [
    ask(userOrServiceAccount(target.username)),
    ...target.groups.map((name) => ask({ resource: 'groups', name })),
    ...[...target.extra].flatMap(([subresource, values]) =>
      values.map((name) => ask({ ...authentication, resource: 'userextras', subresource, name })),
    ),
    ...(target.uid === '' ? [] : [ask({ ...authentication, resource: 'uids', name: target.uid })]),
  ]
}

/** k8s.io/apiserver pkg/authentication/serviceaccount/util.go, `SplitUsername`. */
function userOrServiceAccount(username: string): Partial<AccessQuestion> {
  const [system, kind, namespace = '', name = '', ...more] = username.split(':')
  const isServiceAccount =
    system === 'system' &&
    kind === 'serviceaccount' &&
    more.length === 0 &&
    dnsLabel.test(namespace) &&
    namespace.length <= 63 &&
    dnsSubdomain.test(name) &&
    name.length <= 253
  return isServiceAccount
    ? { resource: 'serviceaccounts', namespace, name }
    : { resource: 'users', name: username }
}

const dnsLabel = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/
const dnsSubdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/
