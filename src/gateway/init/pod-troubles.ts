import { printable } from '../../printable.ts'
import type { ClusterObject } from '../cluster/index.ts'

/** Why a pod is not ready. */
export interface Trouble {
  /** A part of a sentence. */
  readonly text: string
  /** Whether waiting would not help. */
  readonly isFinal: boolean
}

/** What the pods of a Deployment suffer from, each trouble once. */
export function troublesOf(pods: readonly ClusterObject[]): readonly Trouble[] {
  const troubles = pods
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .flatMap((pod) => [...containerTroubles(pod), ...schedulingTroubles(pod)])
  return [...new Map(troubles.map((trouble) => [trouble.text, trouble])).values()]
}

const imageReasons: ReadonlySet<unknown> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
])

/** kubelet has tried more than once. */
const finalReasons: ReadonlySet<unknown> = new Set([
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
])

/** After so many restarts a container is not believed to recover. */
const manyRestarts = 2

function containerTroubles({ status }: ClusterObject): readonly Trouble[] {
  const { containerStatuses } = Object(status)
  if (!Array.isArray(containerStatuses)) return []
  return containerStatuses.flatMap((container) => {
    const { state, lastState, restartCount = 0, image } = Object(container)
    const { reason, message } = Object(Object(state).waiting)
    if (imageReasons.has(reason)) {
      const text = `the image ${printable(String(image))} cannot be pulled (${words(reason, message)})`
      return [{ text, isFinal: finalReasons.has(reason) }]
    }
    const ended = Object(Object(state).terminated ?? Object(lastState).terminated)
    if (typeof ended.exitCode === 'number' && restartCount > 0) {
      const why = words(`exit code ${ended.exitCode}`, ended.message)
      return [{ text: `it ends again and again (${why})`, isFinal: restartCount >= manyRestarts }]
    }
    return typeof reason === 'string' &&
      reason !== 'ContainerCreating' &&
      reason !== 'PodInitializing'
      ? [{ text: words(reason, message), isFinal: false }]
      : []
  })
}

function schedulingTroubles({ status }: ClusterObject): readonly Trouble[] {
  const { phase, conditions } = Object(status)
  if (phase !== 'Pending' || !Array.isArray(conditions)) return []
  const scheduled = conditions.find((one) => Object(one).type === 'PodScheduled')
  const { status: isScheduled, reason, message } = Object(scheduled)
  return isScheduled === 'False'
    ? [{ text: `no node takes it (${words(reason, message)})`, isFinal: false }]
    : []
}

/** What kubelet or the scheduler says: bounded, on one line. */
function words(reason: unknown, message: unknown): string {
  const said = [reason, message].filter((one) => typeof one === 'string' && one !== '')
  return printable(said.join(': '), 300).replace(/\.$/, '')
}
