import { OidcLoginError } from '../../errors.ts'
import { printable } from '../../printable.ts'
import { inSeconds } from '../../seconds.ts'
import type { System } from '../../system/index.ts'
import {
  type ClusterClient,
  type ClusterObject,
  nameOf,
  type ObjectName,
} from '../cluster/index.ts'
import { labels } from '../manifests/index.ts'
import { troublesOf } from './pod-troubles.ts'

const pollMs = 1_000

/**
 * Waits until every pod of a Deployment is the one that was applied last, and ready.
 *
 * @param tell what changes meanwhile, for the operator
 * @throws OidcLoginError `rollout_failed` with what the pods suffer from
 */
export async function waitForRollout(
  system: Pick<System, 'clock' | 'interrupted'>,
  client: ClusterClient,
  deployment: ObjectName,
  timeoutMs: number,
  tell: (line: string) => void,
): Promise<void> {
  const end = system.clock.elapsed() + timeoutMs
  let told = ''
  for (;;) {
    const state = stateOf(await client.get(deployment))
    const troubles = troublesOf(await podsOf(client, deployment))
    const now = [
      `${state.ready} of ${state.wanted} pods are ready`,
      ...troubles.map(({ text }) => text),
    ].join('; ')
    const line = `${(state.isDone ? 'ready' : 'waiting').padEnd(10)} ${nameOf(deployment)}: ${now}`
    if (line !== told) tell(line)
    told = line
    if (state.isDone) return
    const isHopeless = state.isStuck || troubles.some(({ isFinal }) => isFinal)
    if (isHopeless || system.clock.elapsed() >= end) {
      throw new OidcLoginError(
        'rollout_failed',
        `${nameOf(deployment)} did not become ready${isHopeless ? '' : ` within ${inSeconds(timeoutMs)}`}: ${now}.`,
        {
          hint: `See "kubectl -n ${deployment.metadata.namespace} describe pods" and "kubectl -n ${deployment.metadata.namespace} logs deployment/${deployment.metadata.name}"; then run the same command again.`,
        },
      )
    }
    await system.clock.sleep(pollMs, system.interrupted)
  }
}

interface RolloutState {
  readonly wanted: number
  readonly ready: number
  readonly isDone: boolean
  /** The controller has given up waiting (`progressDeadlineSeconds`). */
  readonly isStuck: boolean
}

/** The rules of `kubectl rollout status`. */
function stateOf(deployment: ClusterObject | undefined): RolloutState {
  const { generation } = Object(deployment?.metadata)
  const { replicas: wanted = 1 } = Object(deployment?.spec)
  const status = Object(deployment?.status)
  const {
    observedGeneration = 0,
    replicas = 0,
    updatedReplicas = 0,
    availableReplicas = 0,
  } = status
  const conditions: readonly unknown[] = Array.isArray(status.conditions) ? status.conditions : []
  const isSeen = observedGeneration >= generation
  return {
    wanted,
    ready: isSeen ? Math.min(updatedReplicas, availableReplicas) : 0,
    isDone:
      isSeen &&
      updatedReplicas >= wanted &&
      replicas <= updatedReplicas &&
      availableReplicas >= updatedReplicas,
    isStuck:
      isSeen &&
      conditions.some(
        (one) => printable(String(Object(one).reason)) === 'ProgressDeadlineExceeded',
      ),
  }
}

async function podsOf(
  client: ClusterClient,
  { metadata: { namespace = '' } }: ObjectName,
): Promise<readonly ClusterObject[]> {
  const selector = Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',')
  return await client.list({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace } }, selector)
}
