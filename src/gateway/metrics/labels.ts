import type { Exchange } from '../proxy/index.ts'
import { isLongRunning } from '../request/index.ts'

/** How long a request is expected to last. */
export type RequestKind = 'short' | 'watch' | 'log' | 'upgrade'

/** Verbs of resources, as kube-apiserver counts them; everything else is `other`. */
const verbs: ReadonlySet<string> = new Set([
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'proxy',
])

/** The verb as a label: one of a closed set, whatever the client sends. */
export function verbLabel({ info }: Exchange): string {
  if (info === undefined) return 'other'
  if (!info.isResourceRequest) return 'nonresource'
  return verbs.has(info.verb) ? info.verb : 'other'
}

/** The status as a label. */
export function codeLabel({ status }: Exchange): string {
  return Number.isInteger(status) && status >= 100 && status <= 599 ? String(status) : 'none'
}

/** What kind of request it is. */
export function kindOf({ info, isUpgrade }: Exchange): RequestKind {
  if (isUpgrade) return 'upgrade'
  if (info === undefined || !isLongRunning(info)) return 'short'
  return info.verb === 'watch' ? 'watch' : 'log'
}
