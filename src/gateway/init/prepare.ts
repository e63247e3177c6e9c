import { OidcLoginError } from '../../errors.ts'
import type { System } from '../../system/index.ts'
import {
  type ClusterClient,
  type ClusterObject,
  nameOf,
  type ObjectName,
} from '../cluster/index.ts'
import type { KubernetesObject } from '../manifests/index.ts'
import type { ImpersonationMode } from '../rights/index.ts'
import {
  type CredentialState,
  credentialRights,
  credentialSecret,
  credentialState,
} from './credential.ts'
import { rightOn, rightsToApply, rightsToGrant, type Wanted } from './needed-rights.ts'
import { objectsOf, possibleObjects, servingSecretName } from './objects-of.ts'
import { type Change, changesOf, isMadeByInit, leftovers, refuseForeign } from './plan.ts'
import { missingRights, type NeededRight, requireRights } from './rights-preflight.ts'
import { servingObjects } from './serving-certificate.ts'
import type { InitSettings } from './settings.ts'

/** What is going to be done, all of which the operator may do. */
export interface Plan {
  readonly mode: ImpersonationMode
  /** In the order in which it is done. */
  readonly changes: readonly Change[]
  readonly credential: CredentialState
}

/**
 * Looks at everything before anything is changed: what is there, what would become of it, and whether the
 * operator may do it.
 *
 * @throws OidcLoginError `rights_missing`, `object_conflict`, `certificate_invalid`, `cluster_refused`
 */
export async function prepare(
  system: Pick<System, 'files' | 'clock'>,
  client: ClusterClient,
  settings: InitSettings,
  mode: ImpersonationMode,
): Promise<Plan> {
  const { namespace } = settings.installation
  const all = objectsOf(settings, mode)
  const secret = credentialSecret(namespace)
  await requireSight(client, settings, all)
  const objects = inOrder(
    await withoutOthersNamespace(client, all),
    await servingObjects(system, client, settings),
  )
  const wanted = await lookedUp(client, objects)
  const credential = await credentialState(system, client, settings)
  const credentialObjects = credential.kind === 'wanted' ? await lookedUp(client, [secret]) : []
  if (!settings.force) refuseForeign([...wanted, ...credentialObjects])
  const stays: readonly ObjectName[] = [
    ...objects,
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: servingSecretName, namespace } },
    ...(settings.installation.credential.kind === 'certificate' ? [secret] : []),
  ]
  const earlier = await visible(client, possibleObjects(namespace))
  if (settings.credentialFolder !== undefined) refuseInstalled(earlier)
  const left = leftovers(earlier, stays)
  await requireRights(client, [
    ...wanted.flatMap(rightsToApply),
    ...(await rightsToGrant(client, wanted)),
    ...credentialRights(credential, settings),
    ...left.map(({ object }) => rightOn('delete', object)),
    ...rolloutRights(objects, namespace),
  ])
  const hasNamespace = (await client.get(namespaceName(namespace))) !== undefined
  const changes = await changesOf(client, wanted, { force: settings.force, hasNamespace })
  return { mode, changes: [...changes, ...left], credential }
}

/** An identity alone would take everything else away from a gateway that runs there. */
function refuseInstalled(earlier: readonly ClusterObject[]): void {
  const deployment = earlier.find(({ kind }) => kind === 'Deployment')
  if (deployment === undefined) return
  throw new OidcLoginError(
    'object_conflict',
    `A gateway is installed here already (${nameOf(deployment)}), and one elsewhere needs an identity of its own. Nothing was changed.`,
    { hint: 'Choose another --namespace for it.' },
  )
}

/** The name of a namespace as an object. */
export function namespaceName(name: string): ObjectName {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
}

/**
 * Who may not even see what is there is told at once what he needs in the worst case: that nothing is
 * there yet.
 */
async function requireSight(
  client: ClusterClient,
  settings: InitSettings,
  objects: readonly KubernetesObject[],
): Promise<void> {
  const { namespace } = settings.installation
  const seen = [...objects, namespaceName(namespace), ...secretsLookedAt(settings)].map((object) =>
    rightOn('get', object),
  )
  if ((await missingRights(client, seen)).length === 0) return
  const wanted = objects.map((object) => ({ object, existing: undefined }))
  await requireRights(client, [
    ...seen,
    ...wanted.flatMap(rightsToApply),
    ...(await rightsToGrant(client, wanted)),
    ...rolloutRights(objects, namespace),
  ])
}

/** What pods need comes before them. */
function inOrder(
  objects: readonly KubernetesObject[],
  secrets: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  const at = objects.findIndex(({ kind }) => kind === 'ConfigMap')
  if (at < 0) return [...objects, ...secrets]
  return [...objects.slice(0, at), ...secrets, ...objects.slice(at)]
}

function secretsLookedAt({ installation, credentialFolder, serving }: InitSettings): ObjectName[] {
  const { namespace, credential, tlsSecretName } = installation
  if (credentialFolder !== undefined) return []
  const name = serving.kind === 'secret' ? tlsSecretName : servingSecretName
  return [
    { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } },
    ...(credential.kind === 'certificate' ? [credentialSecret(namespace)] : []),
  ]
}

/** A namespace that somebody else has made is used as it is. */
async function withoutOthersNamespace(
  client: ClusterClient,
  objects: readonly KubernetesObject[],
): Promise<readonly KubernetesObject[]> {
  const place = objects.find(({ kind }) => kind === 'Namespace')
  const existing = place && (await client.get(place))
  if (existing === undefined || isMadeByInit(existing)) return objects
  return objects.filter((object) => object !== place)
}

async function lookedUp<Name extends ObjectName>(
  client: ClusterClient,
  objects: readonly Name[],
): Promise<readonly Wanted<Name>[]> {
  const found: Wanted<Name>[] = []
  for (const object of objects) found.push({ object, existing: await client.get(object) })
  return found
}

/** Those that are there; what the operator may not see was not made by him. */
async function visible(
  client: ClusterClient,
  names: readonly ObjectName[],
): Promise<readonly ClusterObject[]> {
  const rights = names.map((name) => rightOn('get', name))
  const hidden = new Set((await missingRights(client, rights)).map((one) => JSON.stringify(one)))
  const found = await lookedUp(
    client,
    names.filter((name) => !hidden.has(JSON.stringify(rightOn('get', name)))),
  )
  return found.flatMap(({ existing }) => existing ?? [])
}

function rolloutRights(objects: readonly ObjectName[], namespace: string): readonly NeededRight[] {
  if (!objects.some(({ kind }) => kind === 'Deployment')) return []
  return [rightOn('list', { apiVersion: 'v1', kind: 'Pod', metadata: { name: '', namespace } })]
}
