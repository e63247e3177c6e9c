import { OidcLoginError } from '../../errors.ts'
import type { System } from '../../system/index.ts'
import { type ClusterClient, nameOf, type OperatorAccess } from '../cluster/index.ts'
import type { ImpersonationMode } from '../rights/index.ts'
import { provideCredential } from './credential.ts'
import { checkGateway } from './gateway-check.ts'
import { modeToldToAccount, modeToldToAnybody, trialRights } from './mode.ts'
import type { Change } from './plan.ts'
import { namespaceName, type Plan, prepare } from './prepare.ts'
import { requireRights } from './rights-preflight.ts'
import { waitForRollout } from './rollout.ts'
import type { InitSettings } from './settings.ts'
import { boundMeanwhile } from './subjects.ts'
import { describePlan, nextSteps } from './words.ts'

/** Kinds that come before the credential: who the gateway is, and what it may do. */
const identityKinds: ReadonlySet<string> = new Set([
  'Namespace',
  'ServiceAccount',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
])

/**
 * Installs a gateway, or tells what that would change. It can be run again at any time, also after it was
 * interrupted: what is as it should be stays as it is.
 *
 * @throws OidcLoginError before anything is changed: `rights_missing`, `object_conflict`,
 *   `certificate_invalid`, `usage_invalid`; later: `cluster_refused`, `certificate_denied`,
 *   `certificate_not_issued`, `file_unwritable`, `rollout_failed`, `checks_failed`
 */
export async function install(
  system: System,
  client: ClusterClient,
  access: OperatorAccess,
  settings: InitSettings,
): Promise<void> {
  const { terminal } = system
  await refuseEnding(client, settings)
  const told = settings.mode ?? (await modeToldToAnybody(system, access))
  const assumed = await prepare(system, client, settings, told ?? settings.installation.mode)
  if (!settings.isApplied) {
    terminal.stdout(describePlan(assumed, settings, told !== undefined))
    return
  }
  const plan = told === undefined ? await tried(system, client, access, settings, assumed) : assumed
  terminal.stderr(`mode       ${plan.mode} impersonation`)
  const { changes } = plan
  const first = changes.filter(
    ({ kind, object }) => kind !== 'remove' && identityKinds.has(object.kind),
  )
  const then = changes.filter((change) => change.kind !== 'remove' && !first.includes(change))
  const meanwhile = first.map((change) => boundMeanwhile(change, settings.installation.namespace))
  await carryOut(system, client, meanwhile, settings)
  const credential = await provideCredential(system, client, access, settings, plan.credential)
  await carryOut(system, client, then, settings)
  const deployment = changes.find(
    ({ kind, object }) => kind !== 'remove' && object.kind === 'Deployment',
  )
  if (deployment) {
    await waitForRollout(system, client, deployment.object, settings.timeoutMs, (line) =>
      terminal.stderr(line),
    )
  }
  const last = [
    ...first.filter((change, index) => change !== meanwhile[index]),
    ...changes.filter(({ kind }) => kind === 'remove'),
  ]
  await carryOut(system, client, last, settings)
  if (credential)
    await checkGateway(system, access, settings.installation.configuration, credential)
  else
    terminal.stderr('The rights of the gateway were not tried: you may not issue a token for it.')
  terminal.stdout(nextSteps(settings))
}

async function refuseEnding(client: ClusterClient, { installation }: InitSettings): Promise<void> {
  const { status, json } = await client.send({
    method: 'GET',
    path: `/api/v1/namespaces/${installation.namespace}`,
  })
  if (status !== 200 || Object(Object(json).metadata).deletionTimestamp === undefined) return
  throw new OidcLoginError(
    'cluster_refused',
    `The namespace "${installation.namespace}" is being deleted.`,
    { hint: 'Wait until it is gone, and run the same command again.' },
  )
}

/** The API server lets nobody without a name in, so somebody with a name but without rights asks. */
async function tried(
  system: System,
  client: ClusterClient,
  access: OperatorAccess,
  settings: InitSettings,
  assumed: Plan,
): Promise<Plan> {
  const { namespace } = settings.installation
  const exists = (await client.get(namespaceName(namespace))) !== undefined
  const place = exists ? namespace : 'default'
  await requireRights(client, trialRights(place))
  const mode: ImpersonationMode = await modeToldToAccount(system, access, client, place)
  return mode === assumed.mode ? assumed : await prepare(system, client, settings, mode)
}

async function carryOut(
  { terminal, interrupted }: Pick<System, 'terminal' | 'interrupted'>,
  client: ClusterClient,
  changes: readonly Change[],
  { force }: InitSettings,
): Promise<void> {
  for (const change of changes) {
    interrupted.throwIfAborted()
    if (change.kind === 'remove') await client.remove(change.object)
    else if (change.kind !== 'keep') await client.apply(change.object, { force })
    terminal.stderr(`${done[change.kind].padEnd(10)} ${nameOf(change.object)}`)
  }
}

const done: Readonly<Record<Change['kind'], string>> = {
  create: 'created',
  change: 'changed',
  keep: 'unchanged',
  remove: 'removed',
}
