/** A right to impersonate, as a rule of a ClusterRole. */
interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

function may(group: string, resource: string, ...names: readonly string[]): Rule {
  const rule = { apiGroups: [group], resources: [resource], verbs: ['impersonate'] }
  return names.length === 0 ? rule : { ...rule, resourceNames: names }
}

const authentication = 'authentication.k8s.io'

/** Rights, by the name of the group that has them. */
export const rights = {
  jane: [may('', 'users', 'jane')],
  users: [may('', 'users')],
  dev: [may('', 'groups', 'dev', 'ops')],
  groups: [may('', 'groups')],
  x: [may('', 'serviceaccounts', 'x')],
  accounts: [may('', 'serviceaccounts')],
  uid: [may(authentication, 'uids', 'u-1')],
  red: [may(authentication, 'userextras/a.example/team', 'red')],
  team: [may(authentication, 'userextras/a.example/team')],
  all: [may('*', '*')],
  constrained: [
    { ...may(authentication, 'users', 'jane'), verbs: ['impersonate:user-info'] },
    {
      ...may(authentication, 'selfsubjectreviews'),
      verbs: ['impersonate-on:user-info:create'],
    },
  ],
} satisfies Readonly<Record<string, readonly Rule[]>>

/** Names a right. */
export type Right = keyof typeof rights

/** Which rights somebody has. */
export const callers: readonly (readonly Right[])[] = [
  [],
  ['jane'],
  ['users'],
  ['dev'],
  ['users', 'dev'],
  ['users', 'groups'],
  ['x'],
  ['accounts'],
  ['accounts', 'dev'],
  ['users', 'uid'],
  ['users', 'red'],
  ['users', 'team', 'uid', 'dev'],
  ['all'],
  ['constrained'],
]

/** Lines by which somebody wants to act as another. */
export interface Wish {
  readonly name: string
  readonly lines: readonly (readonly [name: string, value: string])[]
  /** Refused by the gateway with 400, whatever the rights are (rule A19). */
  readonly isOdd: boolean
}

type Lines = Wish['lines']

const user = (value: string) => ['Impersonate-User', value] as const
const group = (value: string) => ['Impersonate-Group', value] as const
const uid = (value: string) => ['Impersonate-Uid', value] as const
const team = (value: string) => ['Impersonate-Extra-A.example%2fteam', value] as const

const plain: Readonly<Record<string, Lines>> = {
  nobody: [],
  jane: [user('jane')],
  'somebody else': [user('mallory')],
  'jane in capitals': [user('Jane')],
  'names in lower case': [['impersonate-user', 'jane']],
  'jane in dev': [user('jane'), group('dev')],
  'jane in dev and ops': [user('jane'), group('dev'), group('ops')],
  'jane in dev twice': [user('jane'), group('dev'), group('dev')],
  'jane in dev and admins': [user('jane'), group('dev'), group('admins')],
  'jane in a group with commas': [user('jane'), group('dev,ops')],
  'jane in system:masters': [user('jane'), group('system:masters')],
  'jane in system:authenticated': [user('jane'), group('system:authenticated')],
  'jane in system:unauthenticated': [user('jane'), group('system:unauthenticated')],
  'jane u-1': [user('jane'), uid('u-1')],
  'jane u-2': [user('jane'), uid('u-2')],
  'jane, an empty uid': [user('jane'), uid('')],
  'jane in red': [user('jane'), team('red')],
  'jane in blue': [user('jane'), team('blue')],
  'jane in red and blue': [user('jane'), team('red'), team('blue')],
  'jane with all': [user('jane'), group('dev'), uid('u-1'), team('red')],
  'jane with another key': [user('jane'), ['Impersonate-Extra-other', 'red']],
  'account x': [user('system:serviceaccount:default:x')],
  'account y': [user('system:serviceaccount:default:y')],
  'account x in dev': [user('system:serviceaccount:default:x'), group('dev')],
  'no account, a name': [user('system:serviceaccount:default:x:y')],
  'no account, a bad namespace': [user('system:serviceaccount:Default:x')],
  'no account, without a name': [user('system:serviceaccount:default:')],
  'a node': [user('system:node:n1')],
  'the administrator': [user('system:admin')],
  anonymous: [user('system:anonymous')],
  'anonymous in dev': [user('system:anonymous'), group('dev')],
  'a group alone': [group('dev')],
  'a uid alone': [uid('u-1')],
  'an extra alone': [team('red')],
  'no name, but a group': [user(''), group('dev')],
  'beyond ASCII': [user('J\u00c3\u00a9')],
}

const odd: Readonly<Record<string, Lines>> = {
  'an empty name': [user('')],
  'two names': [user('jane'), user('mallory')],
  'jane twice': [user('jane'), user('jane')],
  'two uids': [user('jane'), uid('u-1'), uid('u-2')],
  'an empty group': [user('jane'), group('')],
  'one key in two spellings': [
    user('jane'),
    team('red'),
    ['Impersonate-Extra-a.example%2Fte%61m', 'blue'],
  ],
  'a malformed key': [user('jane'), ['Impersonate-Extra-%zz', 'red']],
  'an empty key': [user('jane'), ['Impersonate-Extra-', 'red']],
  'a key of ours': [user('jane'), ['Impersonate-Extra-oidc-gateway%2Foriginal-user', 'root']],
  'a key in capitals': [user('jane'), ['Impersonate-Extra-%41', 'red']],
  'a key with a plus': [user('jane'), ['Impersonate-Extra-a+b', 'red']],
  'an unknown header': [['Impersonate-Foo', 'x']],
  'an unknown header beside jane': [user('jane'), ['Impersonate-Groups', 'x']],
  'not normalized': [user('Jose\u00cc\u0081')],
}

/** As whom people want to act. */
export const wishes: readonly Wish[] = [
  ...Object.entries(plain).map(([name, lines]) => ({ name, lines, isOdd: false })),
  ...Object.entries(odd).map(([name, lines]) => ({ name, lines, isOdd: true })),
]

/** The roles and bindings that give groups `oracle:<right>` these rights, as YAML (JSON is YAML). */
export function rightsAsYaml(): string {
  const apiGroup = 'rbac.authorization.k8s.io'
  const objects = Object.entries(rights).flatMap(([right, rules]) => {
    const metadata = { name: `oracle-${right}` }
    const base = { apiVersion: `${apiGroup}/v1`, metadata }
    return [
      { ...base, kind: 'ClusterRole', rules },
      {
        ...base,
        kind: 'ClusterRoleBinding',
        roleRef: { apiGroup, kind: 'ClusterRole', name: metadata.name },
        subjects: [{ apiGroup, kind: 'Group', name: `oracle:${right}` }],
      },
    ]
  })
  return objects.map((object) => JSON.stringify(object)).join('\n---\n')
}
