import type { Reviewed } from './judges.ts'
import {
  depthOf,
  isStandardClaim,
  keysIn,
  longestIn,
  type ReadSample,
  textsIn,
} from './read-sample.ts'

/** What the gateway does with a token that kube-apiserver lets in. */
export interface Difference {
  /** Of the table in docs/security.md. */
  readonly rule: string
  /** Status of the refusal; `other user` for a difference in the user only. */
  readonly becomes: 401 | 403 | 431 | ((user: Reviewed, sample: ReadSample) => Reviewed)
  /** Whether it is about a token. @param user who its bearer is to kube-apiserver */
  readonly isAbout: (sample: ReadSample, user: Reviewed) => boolean
}

const otherClasses = ['Bearer', 'Refresh']

/** Every intended difference, in the order in which the gateway looks for them. */
export const differences: readonly Difference[] = [
  { rule: 'C21', becomes: 431, isAbout: ({ token }) => token.length > 64 * 1024 },
  {
    rule: 'C7',
    becomes: 401,
    isAbout: ({ token }) =>
      token
        .split('.')
        .some((part) => Buffer.from(part, 'base64url').toString('base64url') !== part),
  },
  {
    rule: 'C19',
    becomes: 401,
    isAbout: ({ texts, header, claims }) =>
      texts.some(
        (text) => keysIn(text).length !== keysIn(JSON.stringify(JSON.parse(text))).length,
      ) ||
      [header, claims].some((value) =>
        textsIn(value).some((text) => text === Infinity || /\p{Surrogate}/u.test(String(text))),
      ) ||
      Object.keys(claims).some((name) => isStandardClaim(name) === 'in other letters'),
  },
  {
    rule: 'C20',
    becomes: 401,
    isAbout: ({ header, claims, variant }) =>
      depthOf(header) > 32 ||
      depthOf(claims) > 32 ||
      (variant.name === 'loops' && longestIn(claims) ** 3 > 1_000_000),
  },
  {
    rule: 'C5',
    becomes: 401,
    isAbout: ({ header }) =>
      'crit' in header ||
      'b64' in header ||
      [header.kid, header.typ].some((value) => value !== undefined && typeof value !== 'string'),
  },
  { rule: 'C6', becomes: 401, isAbout: ({ header }) => 'jwk' in header || 'x5c' in header },
  { rule: 'C8', becomes: 401, isAbout: ({ claims }) => claims.iss === 'accounts.google.com' },
  {
    rule: 'C14',
    becomes: 401,
    isAbout: ({ header, claims }) =>
      (typeof header.typ === 'string' && !/^(application\/)?jwt$/i.test(header.typ)) ||
      otherClasses.includes(String(claims.typ)) ||
      'events' in claims,
  },
  {
    rule: 'C10',
    becomes: 401,
    isAbout: ({ claims: { aud, azp } }) =>
      typeof azp !== 'string' && (azp !== undefined || (Array.isArray(aud) && aud.length > 1)),
  },
  {
    rule: 'C11',
    becomes: 401,
    isAbout: ({ claims: { exp, nbf, iat } }) =>
      [exp, nbf, iat].some((time) => time !== undefined && typeof time !== 'number') ||
      [exp, nbf].some((time) => Number(time) > Number.MAX_SAFE_INTEGER),
  },
  { rule: 'C13', becomes: 401, isAbout: ({ claims, now }) => Number(claims.iat) > now + 60 },
  {
    rule: 'C3',
    becomes: 401,
    isAbout: ({ header: { kid, alg } }) =>
      kid === 'encryption' ||
      (kid === 'rs' && alg !== 'RS256') ||
      (kid === 'ps' && alg !== 'PS256'),
  },
  {
    rule: 'C27',
    becomes: 401,
    isAbout: ({ header: { kid, alg } }) => kid === '' || (kid === undefined && alg !== 'ES384'),
  },
  {
    rule: 'C28',
    becomes: 401,
    isAbout: ({ claims, variant: { claimMappings } }) =>
      !('groups' in claims) &&
      Object(claimMappings.groups).claim === 'groups' &&
      Object(claims._claim_names).groups !== undefined,
  },
  {
    rule: 'C15',
    becomes: 401,
    isAbout({ claims, variant: { claimMappings } }) {
      const { username, groups, uid } = claimMappings
      const claimOf = (mapping: unknown): unknown => claims[Object(mapping).claim]
      const list = claimOf(groups)
      return (
        claimOf(username) === null ||
        claimOf(uid) === null ||
        (Array.isArray(list) && list.includes(null)) ||
        (Array.isArray(claims.aud) && claims.aud.includes(null))
      )
    },
  },
  {
    rule: 'A7',
    becomes: 401,
    isAbout: ({ variant }, { username }) =>
      username.slice(String(Object(variant.claimMappings.username).prefix ?? '').length).trim() ===
      '',
  },
  {
    rule: 'C18',
    becomes: 401,
    isAbout: ({ claims, variant }) => variant.name === 'required-empty' && claims.hd === null,
  },
  {
    rule: 'A13',
    becomes: 403,
    isAbout: (_, { username, groups }) =>
      username.startsWith('system:') ||
      groups.some((group) => group.startsWith('system:') && group !== 'system:authenticated'),
  },
  {
    rule: 'A9',
    becomes: 403,
    isAbout(_, { username, uid, groups, extra }) {
      const names = [username, uid, ...groups, ...extra.flatMap(([, values]) => values)]
      return (
        groups.length > 1000 ||
        names.some((name) => name !== name.trim() || name !== name.normalize('NFC')) ||
        names.some((name) => /\p{Cc}/u.test(name))
      )
    },
  },
  {
    rule: 'A12',
    becomes: (user, sample) => ({ ...user, groups: withoutEmpty(user, sample) }),
    isAbout: (sample, user) => withoutEmpty(user, sample).length < user.groups.length,
  },
]

function withoutEmpty({ groups }: Reviewed, { variant }: ReadSample): readonly string[] {
  const { claim, prefix } = Object(variant.claimMappings.groups)
  return claim === undefined ? groups : groups.filter((group) => group !== prefix)
}
