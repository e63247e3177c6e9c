import { base64url } from '../../world/token-issuer.ts'

/** A request that shows a token in some way. */
export interface Showing {
  readonly name: string
  /** Header lines beside `Host`. */
  readonly lines: readonly (readonly [name: string, value: string])[]
  /** The rule by which the gateway refuses what kube-apiserver may take, and its status. */
  readonly differs?: keyof typeof refusals
}

/** Statuses of the refusals that kube-apiserver does not know, by rule. */
export const refusals = { B1: 400, B2: 401, B5: 401 } as const

const stricter: Readonly<Record<string, keyof typeof refusals>> = {
  'Authorization: a space and a tab': 'B2',
  'Authorization: a word behind': 'B2',
  'Authorization: two words behind': 'B2',
  'Authorization: another token behind': 'B2',
  'Authorization: two lines, the same': 'B1',
  'Authorization: two lines, two people': 'B1',
  'Authorization: two lines, a bad one first': 'B1',
  'Authorization: two lines, a bad one last': 'B1',
  'Authorization: two lines, an empty one first': 'B1',
  'Authorization: two lines, Basic first': 'B1',
  'WebSocket: a token of its own in Authorization': 'B1',
  'WebSocket: an empty protocol beside': 'B5',
}

const prefix = 'base64url.bearer.authorization.k8s.io.'
const key = 'dGhlIHNhbXBsZSBub25jZQ=='

/**
 * The ways in which two good tokens may be shown.
 *
 * @param john a token of John's
 * @param jane one of Jane's
 */
export function showings(john: string, jane: string): readonly Showing[] {
  return allShowings(john, jane).map((showing) => {
    const differs = stricter[showing.name]
    return differs === undefined ? showing : { ...showing, differs }
  })
}

function allShowings(john: string, jane: string): readonly Showing[] {
  const authorization = (value: string): readonly [string, string] => ['Authorization', value]
  const plain: Readonly<Record<string, readonly string[]>> = {
    'as it should be': [`Bearer ${john}`],
    'the scheme in lower case': [`bearer ${john}`],
    'the scheme in capitals': [`BEARER ${john}`],
    'the scheme in mixed case': [`bEaReR ${john}`],
    'no scheme': [john],
    'two spaces': [`Bearer  ${john}`],
    'a tab': [`Bearer\t${john}`],
    'a space and a tab': [`Bearer \t${john}`],
    'no space': [`Bearer${john}`],
    'a colon': [`Bearer: ${john}`],
    'an equals sign': [`Bearer=${john}`],
    'blanks around': [`  Bearer ${john}  `],
    'a tab behind': [`Bearer ${john}\t`],
    'a word behind': [`Bearer ${john} x`],
    'two words behind': [`Bearer ${john} x y`],
    'another token behind': [`Bearer ${john} ${jane}`],
    'a comma behind': [`Bearer ${john},`],
    'a comma and another scheme behind': [`Bearer ${john}, Basic eDp5`],
    'another scheme before': [`Basic eDp5, Bearer ${john}`],
    quotes: [`Bearer "${john}"`],
    'the token alone': [`Bearer`],
    'an empty token': [`Bearer `],
    'Basic with a token': [`Basic ${base64url(`:${john}`)}`],
    Token: [`Token ${john}`],
    Negotiate: [`Negotiate ${john}`],
    'two lines, the same': [`Bearer ${john}`, `Bearer ${john}`],
    'two lines, two people': [`Bearer ${john}`, `Bearer ${jane}`],
    'two lines, a bad one first': ['Bearer x.y.z', `Bearer ${john}`],
    'two lines, a bad one last': [`Bearer ${john}`, 'Bearer x.y.z'],
    'two lines, an empty one first': ['', `Bearer ${john}`],
    'two lines, Basic first': ['Basic eDp5', `Bearer ${john}`],
    'an empty line': [''],
    'no line': [],
    'a no-break space': [`Bearer\u00a0${john}`],
    'latin letters': [`Bearer ${john}\u00e9`],
  }
  const protocols: Readonly<Record<string, readonly string[]>> = {
    'as it should be': [`${prefix}${base64url(john)}, v4.channel.k8s.io`],
    'the token last': [`v4.channel.k8s.io, ${prefix}${base64url(john)}`],
    'two lines': [`${prefix}${base64url(john)}`, 'v4.channel.k8s.io'],
    'no space': [`v4.channel.k8s.io,${prefix}${base64url(john)}`],
    'no other protocol': [`${prefix}${base64url(john)}`],
    'an empty protocol beside': [`${prefix}${base64url(john)},`],
    'two tokens': [`${prefix}${base64url(john)}, ${prefix}${base64url(jane)}, v4.channel.k8s.io`],
    'the same token twice': [
      `${prefix}${base64url(john)}, ${prefix}${base64url(john)}, v4.channel.k8s.io`,
    ],
    padded: [`${prefix}${Buffer.from(`${john}~`).toString('base64')}=, v4.channel.k8s.io`],
    'not base64url': [`${prefix}***, v4.channel.k8s.io`],
    'no text': [`${prefix}${Buffer.from([0xff, 0xfe]).toString('base64url')}, v4.channel.k8s.io`],
    'an empty token': [`${prefix}, v4.channel.k8s.io`],
    'the prefix in capitals': [`${prefix.toUpperCase()}${base64url(john)}, v4.channel.k8s.io`],
    'a bad token': [`${prefix}${base64url('x.y.z')}, v4.channel.k8s.io`],
    'two tokens in one': [`${prefix}${base64url(`${john} ${jane}`)}, v4.channel.k8s.io`],
    'no protocol': [],
  }
  const upgrade = [
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Key', key],
  ] as const
  const offered = (values: readonly string[]) =>
    values.map((value) => ['Sec-WebSocket-Protocol', value] as const)
  return [
    ...Object.entries(plain).map(([name, values]) => ({
      name: `Authorization: ${name}`,
      lines: values.map(authorization),
    })),
    ...Object.entries(protocols).map(([name, values]) => ({
      name: `WebSocket: ${name}`,
      lines: [...upgrade, ...offered(values)],
    })),
    ...Object.entries(protocols).map(([name, values]) => ({
      name: `no WebSocket: ${name}`,
      lines: offered(values),
    })),
    {
      name: 'WebSocket: a token of its own in Authorization',
      lines: [
        ...upgrade,
        ...offered(protocols['as it should be'] ?? []),
        authorization(`Bearer ${jane}`),
      ],
    },
    {
      name: 'WebSocket: the token in Authorization',
      lines: [...upgrade, ...offered(['v4.channel.k8s.io']), authorization(`Bearer ${jane}`)],
    },
    ...[
      'Proxy-Authorization',
      'X-Forwarded-Access-Token',
      'X-Remote-User',
      'Cookie',
      'Impersonate',
    ].map((header) => ({ name: `${header} alone`, lines: [[header, `Bearer ${john}`] as const] })),
    {
      name: 'X-Remote-User beside a token',
      lines: [
        ['X-Remote-User', 'admin'],
        ['X-Remote-Group', 'system:masters'],
        authorization(`Bearer ${john}`),
      ],
    },
  ]
}
