import { stringify } from 'yaml'
import type { ImportNote } from './note.ts'

/** Both documents of the gateway, and what is to be known of how they came about. */
export interface Imported {
  /** The text of a configuration file. It is valid, but placeholders ask for a value. */
  readonly text: string
  readonly notes: readonly ImportNote[]
}

/** Stands where an issuer is unknown: a name that never resolves (RFC 6761). */
export const unknownIssuer = 'https://ISSUER.invalid'

/** Stands where the client is unknown. */
export const unknownAudience = 'CLIENT_ID'

/** Fields of a document; undefined ones are left out. */
export interface DocumentFields {
  readonly [field: string]: unknown
}

/**
 * Writes the documents.
 *
 * @param gateway fields of the GatewayConfiguration
 * @param jwt the list of the AuthenticationConfiguration; undefined when another file holds it
 */
export function writeDocuments(
  gateway: DocumentFields,
  jwt: readonly DocumentFields[] | undefined,
): string {
  const ours = { apiVersion: 'oidc-gateway/v1alpha1', kind: 'GatewayConfiguration', ...gateway }
  const theirs = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    jwt,
  }
  return (jwt ? [ours, theirs] : [ours])
    .map((document) => stringify(pruned(document)))
    .join('---\n')
}

/** Without what is undefined, and without mappings and lists in which nothing is left. */
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value)
    .map(([name, field]): readonly [string, unknown] => [name, pruned(field)])
    .filter(([, field]) => field !== undefined && !isEmpty(field))
  return Object.fromEntries(fields)
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
