/**
 * Every remark that there is. Those marked as dangers refuse the configuration, unless its field
 * `acknowledge` names them.
 */
const severities = {
  'mutable-username': 'danger',
  'unverified-email': 'danger',
  'shortened-email': 'danger',
  'shared-usernames': 'danger',
  'shared-groups': 'danger',
  'reserved-prefix': 'danger',
  'cluster-issuer': 'danger',
  'any-proxy': 'danger',
  'renamable-username': 'warning',
  'generic-audience': 'warning',
  'any-token': 'warning',
  'reserved-groups': 'warning',
  'unnormalized-names': 'warning',
  'no-audit': 'warning',
  'self-approval': 'warning',
  'token-beyond-header': 'warning',
  'unknown-onboarding': 'warning',
} as const

/** Names a remark: in `acknowledge`, in `doctor`, in the documentation. */
export type RemarkId = keyof typeof severities

/** All names. */
export const remarkIds: readonly RemarkId[] = Object.keys(severities).filter(isRemarkId)

/** Something in a valid configuration that is unwise, or worse. */
export interface Remark {
  readonly id: RemarkId
  readonly severity: 'danger' | 'warning'
  /** Such as `jwt[0].claimMappings.username`. */
  readonly path: string
  /** What is wrong, and why it matters: whole sentences. */
  readonly message: string
  /** What to do about it: a whole sentence. */
  readonly remedy: string
}

/** Makes a remark. */
export function remark(
  id: RemarkId,
  path: string,
  { message, remedy }: { readonly message: string; readonly remedy: string },
): Remark {
  return { id, severity: severities[id], path, message, remedy }
}

function isRemarkId(name: string): name is RemarkId {
  return Object.hasOwn(severities, name)
}
