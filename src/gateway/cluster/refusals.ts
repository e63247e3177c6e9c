import { OidcLoginError } from '../../errors.ts'
import { printable } from '../../printable.ts'
import type { ClusterAnswer, ClusterRequest } from './cluster-client.ts'

/**
 * What an API server means by an answer that is not what was asked for.
 *
 * @param subject what the request was about: `ClusterRole oidc-gateway`
 */
export function refusalOf(
  { status, json }: ClusterAnswer,
  { method }: Pick<ClusterRequest, 'method'>,
  subject: string,
): OidcLoginError {
  const said = saidBy(json) ?? `status ${status}`
  const conflicts = conflictsIn(json)
  if (status === 409 && conflicts.length > 0) return conflict(subject, conflicts)
  return new OidcLoginError(
    'cluster_refused',
    `The API server refuses to ${verbs[method]} ${subject}: ${said}.`,
    { hint: hintFor(status, said) },
  )
}

/** The API server does not believe who the operator is. */
export function operatorUnknown(server: string): OidcLoginError {
  return new OidcLoginError(
    'token_not_accepted',
    `The API server ${server} does not accept the credential of the kubeconfig (status 401).`,
    { hint: 'See whether kubectl works with this context: "kubectl auth whoami".' },
  )
}

/** Something else than an API server answers, or it is in trouble. */
export function unavailable(server: string, { status, json }: ClusterAnswer): OidcLoginError {
  return new OidcLoginError(
    'api_server_unavailable',
    `The API server ${server} is unavailable: ${saidBy(json) ?? `status ${status}`}.`,
    { hint: 'Run the same command again in a moment: it goes on where it was.' },
  )
}

const verbs: Readonly<Record<ClusterRequest['method'], string>> = {
  GET: 'show',
  POST: 'create',
  PUT: 'update',
  PATCH: 'apply',
  DELETE: 'delete',
}

function hintFor(status: number, said: string): string {
  if (said.includes('is being terminated'))
    return 'Wait until the namespace is gone, and run it again.'
  if (status === 403) {
    return 'Ask an administrator of the cluster for this right; an admission plugin may refuse, too.'
  }
  if (status === 404) return 'Is it a kind of object that this cluster does not have?'
  return 'Correct what it names, and run the same command again: it goes on where it was.'
}

/** A field that somebody else has set to another value. */
interface FieldConflict {
  readonly field: string
  readonly manager: string
}

function conflict(subject: string, conflicts: readonly FieldConflict[]): OidcLoginError {
  const lines = conflicts.map(({ field, manager }) => `  ${field} was set by "${manager}"`)
  return new OidcLoginError(
    'object_conflict',
    `${subject} holds other values than are to be applied, and others have set them:\n${lines.join('\n')}`,
    {
      hint: 'Let them give the fields up, or take them over with --force-conflicts.',
    },
  )
}

/** `conflict with "kubectl-client-side-apply" using rbac.authorization.k8s.io/v1` at `.rules`. */
function conflictsIn(json: unknown): readonly FieldConflict[] {
  const { causes } = Object(Object(json).details)
  if (!Array.isArray(causes)) return []
  return causes
    .filter((cause) => Object(cause).reason === 'FieldManagerConflict')
    .map((cause) => {
      const { field, message } = Object(cause)
      const [, manager = 'somebody'] = /conflict with "([^"]*)"/.exec(String(message)) ?? []
      return { field: printable(String(field)), manager: printable(manager) }
    })
}

function saidBy(json: unknown): string | undefined {
  const { message } = Object(json)
  if (typeof message !== 'string' || message === '') return undefined
  return printable(message, 500).replace(/\.$/, '')
}
