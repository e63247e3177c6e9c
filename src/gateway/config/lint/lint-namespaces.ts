import type {
  JwtAuthenticator,
  PrefixedClaimOrExpression,
} from '../authentication-configuration.ts'
import { type Remark, type RemarkId, remark } from '../remark.ts'

/**
 * Whether two providers could give the same name: one of them could then make its users those of the
 * other.
 */
export function lintNamespaces(jwt: readonly JwtAuthenticator[]): Remark[] {
  return [
    ...lintClashes(jwt, 'username', 'shared-usernames'),
    ...lintClashes(jwt, 'groups', 'shared-groups'),
  ]
}

function lintClashes(
  jwt: readonly JwtAuthenticator[],
  name: 'username' | 'groups',
  id: RemarkId,
): Remark[] {
  const prefixes = jwt.flatMap(({ claimMappings }, index) => {
    const mapping = claimMappings[name]
    return mapping ? [{ index, prefix: prefixOf(mapping) }] : []
  })
  return prefixes.flatMap(({ index, prefix }, position) => {
    const rival = prefixes
      .slice(0, position)
      .find((other) => other.prefix.startsWith(prefix) || prefix.startsWith(other.prefix))
    if (!rival) return []
    return remark(id, `jwt[${index}].claimMappings.${name}`, {
      message: `This provider and that of jwt[${rival.index}] can give the same ${name === 'username' ? 'user names' : 'groups'}, so each can speak for the users of the other.`,
      remedy: 'Give each provider a prefix of its own, of which none begins with another.',
    })
  })
}

/** What all names begin with: the prefix, or the text with which an expression begins. */
function prefixOf(mapping: PrefixedClaimOrExpression): string {
  if (mapping.kind === 'claim') return mapping.prefix
  const [, , text = ''] = /^\s*(['"])([^'"\\]*)\1\s*\+/.exec(mapping.expression) ?? []
  return text
}
