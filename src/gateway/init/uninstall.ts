import type { System } from '../../system/index.ts'
import {
  type ClusterClient,
  type ClusterObject,
  nameOf,
  type ObjectName,
} from '../cluster/index.ts'
import { ownRequests } from './client-certificate.ts'
import { namespaceContents } from './namespace-contents.ts'
import { rightOn } from './needed-rights.ts'
import { possibleObjects, requestPrefix } from './objects-of.ts'
import { isMadeByInit, isOurs } from './plan.ts'
import { missingRights, requireRights } from './rights-preflight.ts'

/** What is taken away, and how. */
export interface UninstallOrder {
  readonly namespace: string
  /** Whether it is done, and not only told. */
  readonly isApplied: boolean
  /** How long the namespace may take to end, in milliseconds. */
  readonly timeoutMs: number
}

const pollMs = 500

/**
 * Takes away what an installation has made: what grants rights first. What others have made is told and
 * left alone; the namespace goes only when it was made with it and holds nothing else.
 *
 * @throws OidcLoginError `rights_missing` before anything is changed, `cluster_refused`
 */
export async function uninstall(
  system: Pick<System, 'clock' | 'interrupted' | 'terminal'>,
  client: ClusterClient,
  order: UninstallOrder,
): Promise<void> {
  const { terminal } = system
  const place = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: order.namespace } }
  const possible = [...possibleObjects(order.namespace), place]
  await requireSight(client, possible)
  const found: ClusterObject[] = []
  for (const name of possible) {
    const object = await client.get(name)
    if (object && object.metadata.deletionTimestamp === undefined) found.push(object)
  }
  const namespace = found.find(({ kind }) => kind === 'Namespace')
  const inside = found.filter((object) => object !== namespace)
  const ours = [
    ...inside.filter(isOurs),
    ...(await ownRequests(client, requestPrefix(order.namespace))),
  ]
  const isOwnNamespace = namespace !== undefined && isMadeByInit(namespace)
  await requireRights(
    client,
    [...ours, ...(isOwnNamespace ? [namespace] : [])].map((object) => rightOn('delete', object)),
  )
  for (const object of inside.filter((one) => !isOurs(one))) {
    terminal.stderr(`kept       ${nameOf(object)}: "oidc-gateway init" has not made it`)
  }
  if (ours.length === 0 && !isOwnNamespace) {
    terminal.stdout('There is nothing to remove.\n')
    return
  }
  if (!order.isApplied) {
    for (const object of ours) terminal.stdout(`remove     ${nameOf(object)}\n`)
    if (isOwnNamespace)
      terminal.stdout(`remove     ${nameOf(namespace)}, if nothing else is in it\n`)
    terminal.stdout('\nNothing was changed. Give --apply, too, to remove it.\n')
    return
  }
  for (const object of ours) {
    if (await client.remove(object)) terminal.stderr(`removed    ${nameOf(object)}`)
  }
  if (isOwnNamespace) await removeNamespace(system, client, namespace, order.timeoutMs)
  terminal.stdout('The gateway is removed.\n')
}

/** Who may not even see what is there is told at once what he needs when all of it is there. */
async function requireSight(client: ClusterClient, possible: readonly ObjectName[]): Promise<void> {
  const seen = possible.map((object) => rightOn('get', object))
  if ((await missingRights(client, seen)).length === 0) return
  const removed = possible.map((object) => rightOn('delete', object))
  await requireRights(client, [...seen, ...removed])
}

async function removeNamespace(
  system: Pick<System, 'clock' | 'interrupted' | 'terminal'>,
  client: ClusterClient,
  namespace: ClusterObject,
  timeoutMs: number,
): Promise<void> {
  const { terminal, clock, interrupted } = system
  const contents = await namespaceContents(client, namespace.metadata.name)
  if (contents.kind === 'unknown') {
    terminal.stderr(`kept       ${nameOf(namespace)}: its ${contents.resource} cannot be looked at`)
    return
  }
  if (contents.others.length > 0) {
    const names = contents.others.slice(0, 10).join(', ')
    terminal.stderr(`kept       ${nameOf(namespace)}: there is still ${names}`)
    return
  }
  await client.remove(namespace)
  const end = clock.elapsed() + timeoutMs
  while ((await client.get(namespace)) !== undefined) {
    if (clock.elapsed() >= end) {
      terminal.stderr(`removing   ${nameOf(namespace)}: the cluster is still at it`)
      return
    }
    await clock.sleep(pollMs, interrupted)
  }
  terminal.stderr(`removed    ${nameOf(namespace)}`)
}
