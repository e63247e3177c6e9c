import { type Flags, valueFor, valuesFor } from './flags.ts'
import { type DocumentFields, unknownAudience, unknownIssuer } from './imported.ts'
import { type ImportNote, note } from './note.ts'

/** The `--oidc-*` flags as an item of `jwt`. */
export interface ImportedIssuer {
  readonly jwt: DocumentFields
  readonly notes: readonly ImportNote[]
}

/** Whose flags they are: the two programs mean different things by the same prefix. */
export type FlagOwner = 'kube-oidc-proxy' | 'kube-apiserver'

/**
 * Translates the `--oidc-*` flags so that everybody keeps the name that he had.
 *
 * @param readText reads a file; undefined when it cannot
 */
export function importIssuer(
  flags: Flags,
  owner: FlagOwner,
  readText: (path: string) => string | undefined,
): ImportedIssuer {
  const url = valueFor(flags, 'oidc-issuer-url')
  const audience = valueFor(flags, 'oidc-client-id')
  const authority = importAuthority(flags, readText)
  const username = importUsername(flags, owner, url ?? unknownIssuer)
  const groups = valueFor(flags, 'oidc-groups-claim')
  const required = valuesFor(flags, 'oidc-required-claim')
  return {
    jwt: {
      issuer: {
        url: url ?? unknownIssuer,
        certificateAuthority: authority.pem,
        audiences: [audience ?? unknownAudience],
      },
      claimValidationRules: required.map((pair) => {
        const [claim, ...value] = pair.split('=')
        return { claim, requiredValue: value.join('=') }
      }),
      claimMappings: {
        username: username.mapping,
        groups: groups && { claim: groups, prefix: valueFor(flags, 'oidc-groups-prefix') ?? '' },
      },
    },
    notes: [
      ...(url === undefined
        ? [note('todo', '--oidc-issuer-url', `Write the issuer in the place of ${unknownIssuer}.`)]
        : []),
      ...(audience === undefined
        ? [note('todo', '--oidc-client-id', `Write it in the place of ${unknownAudience}.`)]
        : []),
      ...authority.notes,
      ...username.notes,
      ...(owner === 'kube-oidc-proxy' && required.length > 0
        ? [
            note(
              'weakness',
              '--oidc-required-claim',
              'kube-oidc-proxy read this flag and never looked at it. The claims are required now.',
            ),
          ]
        : []),
    ],
  }
}

/** The table of k8s.io/apiserver (v1/types.go) for its own flags; the proxy never made a prefix itself. */
function importUsername(
  flags: Flags,
  owner: FlagOwner,
  issuer: string,
): { readonly mapping: DocumentFields; readonly notes: readonly ImportNote[] } {
  const claim = valueFor(flags, 'oidc-username-claim') ?? 'sub'
  const given = valueFor(flags, 'oidc-username-prefix')
  if (given !== undefined) {
    return { mapping: { claim, prefix: given === '-' ? '' : given }, notes: [] }
  }
  if (owner === 'kube-apiserver') {
    return { mapping: { claim, prefix: claim === 'email' ? '' : `${issuer}#` }, notes: [] }
  }
  const message =
    'kube-oidc-proxy promised the issuer as a prefix, and used none: users of the provider could have any name. It is none here, too, so that nobody is renamed; think about "oidc:".'
  return {
    mapping: { claim, prefix: '' },
    notes: [note('weakness', '--oidc-username-prefix', message)],
  }
}

function importAuthority(
  flags: Flags,
  readText: (path: string) => string | undefined,
): { readonly pem: string | undefined; readonly notes: readonly ImportNote[] } {
  const path = valueFor(flags, 'oidc-ca-file')
  if (path === undefined) return { pem: undefined, notes: [] }
  const pem = readText(path)
  if (pem !== undefined) return { pem, notes: [] }
  const message = `The file ${path} cannot be read here. Write its text into issuer.certificateAuthority.`
  return { pem: undefined, notes: [note('todo', '--oidc-ca-file', message)] }
}
