import { randomBytes } from 'node:crypto'
import { OidcLoginError } from '../../errors.ts'
import type { System } from '../../system/index.ts'
import {
  type ClusterClient,
  type OperatorAccess,
  objectPath,
  parseObject,
} from '../cluster/index.ts'
import { gatewayName, labels } from '../manifests/index.ts'
import type { ImpersonationMode } from '../rights/index.ts'
import type { NeededRight } from './rights-preflight.ts'
import { type TrialOutcome, tryImpersonation } from './trial.ts'

type ModeSystem = Pick<System, 'http' | 'interrupted'>

const timeoutMs = 10_000

/**
 * How the API server grants impersonation, as it tells somebody without a name who tries it. That needs no
 * right and changes nothing.
 *
 * @returns undefined when it lets nobody without a name in
 */
export async function modeToldToAnybody(
  system: ModeSystem,
  access: OperatorAccess,
): Promise<ImpersonationMode | undefined> {
  const fetch = system.http.connect({
    ...access.http,
    clientCertificate: undefined,
    headers: { accept: 'application/json', 'user-agent': 'oidc-gateway' },
    timeoutMs,
  })
  return modeIn(await tryImpersonation(fetch, access.server, '/livez', system.interrupted))
}

/**
 * The same, as it tells a ServiceAccount that is made for the question and deleted after it.
 *
 * @param namespace exists already
 * @throws OidcLoginError `cluster_refused`, also when it does not tell
 */
export async function modeToldToAccount(
  system: ModeSystem,
  access: OperatorAccess,
  client: ClusterClient,
  namespace: string,
): Promise<ImpersonationMode> {
  const name = `${gatewayName}-trial-${randomBytes(4).toString('hex')}`
  const account = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace, labels },
  }
  const path = objectPath(account)
  const created = parseObject(await client.create(account, path.slice(0, path.lastIndexOf('/'))))
  try {
    const token = await tokenOfAccount(client, account.metadata, 600)
    const fetch = system.http.connect({
      ...access.http,
      clientCertificate: undefined,
      headers: { accept: 'application/json', authorization: `Bearer ${token}` },
      timeoutMs,
    })
    const outcome = await tryImpersonation(fetch, access.server, '/version', system.interrupted)
    return modeIn(outcome) ?? unclear()
  } finally {
    if (created) await client.remove(created)
  }
}

/**
 * A token of a ServiceAccount (`TokenRequest`).
 *
 * @param seconds how long it is to last; the API server may shorten it
 * @throws OidcLoginError `cluster_refused`, `api_server_response_invalid`
 */
export async function tokenOfAccount(
  client: ClusterClient,
  account: { readonly namespace: string; readonly name: string },
  seconds: number,
): Promise<string> {
  const { namespace, name } = account
  const answer = await client.create(
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: seconds },
    },
    `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
  )
  const { token } = Object(Object(answer).status)
  if (typeof token === 'string' && token !== '') return token
  throw new OidcLoginError(
    'api_server_response_invalid',
    'The API server answers a TokenRequest without a token.',
    { hint: 'See whether "kubectl create token" works.' },
  )
}

/** What {@link modeToldToAccount} needs of the operator. */
export function trialRights(namespace: string): readonly NeededRight[] {
  const right = (verb: string, resource: string): NeededRight => ({
    right: { kind: 'resource', verb, group: '', resource },
    namespace,
  })
  return [
    right('create', 'serviceaccounts'),
    right('delete', 'serviceaccounts'),
    right('create', 'serviceaccounts/token'),
  ]
}

function modeIn(outcome: TrialOutcome): ImpersonationMode | undefined {
  return outcome.kind === 'refused' ? outcome.mode : undefined
}

function unclear(): never {
  throw new OidcLoginError(
    'cluster_refused',
    'The API server does not tell whether it knows constrained impersonation.',
    {
      hint: 'Say it yourself: --impersonation=constrained, on Kubernetes 1.36 and newer, or classic.',
    },
  )
}
