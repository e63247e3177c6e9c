import type { ImpersonationPolicy } from '../impersonation/index.ts'
import {
  booleanAt,
  type Cursor,
  fieldsOf,
  numberAt,
  oneOfAt,
  quote,
  sizeAt,
  textsAt,
} from './decoding/index.ts'

/** Decodes `impersonation`. */
export function decodeImpersonation(cursor: Cursor | undefined): ImpersonationPolicy {
  const fields = fieldsOf(cursor, [
    'nested',
    'sendCredentialId',
    'allowedReservedGroups',
    'reservedUsers',
    'reservedGroups',
    'maxGroups',
    'maxHeaderSize',
    'requireNfc',
  ])
  return {
    nested: oneOfAt(fields?.at('nested'), 'deny', ['deny', 'review']),
    sendCredentialId: booleanAt(fields?.at('sendCredentialId'), false),
    allowedReservedGroups: textsAt(fields?.at('allowedReservedGroups'), {
      faultOf: faultOfReservedGroup,
    }),
    reservedUsers: textsAt(fields?.at('reservedUsers')),
    reservedGroups: textsAt(fields?.at('reservedGroups')),
    maxGroups: numberAt(fields?.at('maxGroups'), 1000, [0, 100_000]),
    maxHeaderBytes: sizeAt(fields?.at('maxHeaderSize'), '64KiB', ['1KiB', '512KiB']),
    requireNfc: booleanAt(fields?.at('requireNfc'), true),
  }
}

/** Members of this group may do everything, and no rule of the cluster can take it away from them. */
function faultOfReservedGroup(group: string): string | undefined {
  if (group === 'system:masters') {
    return 'No provider may make somebody a member of system:masters. Bind another group to cluster-admin.'
  }
  return group.startsWith('system:')
    ? undefined
    : `${quote(group)} is not reserved; groups that are begin with "system:".`
}
