import { itemsAt, type Json, numberAt, textAt, valueAt } from '../../world/api/json.ts'

/** What a kubelet needs to know of a pod. It runs the first container, and no other. */
export interface PodFacts {
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly serviceAccount: string
  /** How long the pod may take to end, in seconds; undefined as long as it is not to end. */
  readonly endsWithin: number | undefined
  readonly container: ContainerFacts
  /** As in the specification of the pod. */
  readonly volumes: readonly Json[]
}

/** A container of a pod. */
export interface ContainerFacts {
  readonly name: string
  readonly image: string
  readonly args: readonly string[]
  readonly mounts: readonly { readonly volume: string; readonly folder: string }[]
  /** Where it is asked whether it is ready; ready as soon as it runs without one. */
  readonly readiness: Probe | undefined
}

/** A question by http. */
export interface Probe {
  readonly path: string
  readonly port: number
  /** How often it fails before the pod is not ready any more. */
  readonly failureThreshold: number
}

/** Reads a pod as the API server gives it. */
export function podFacts(pod: Json): PodFacts {
  const [container = null] = itemsAt(pod, 'spec.containers')
  return {
    name: textAt(pod, 'metadata.name'),
    namespace: textAt(pod, 'metadata.namespace'),
    uid: textAt(pod, 'metadata.uid'),
    serviceAccount: textAt(pod, 'spec.serviceAccountName') || 'default',
    endsWithin:
      textAt(pod, 'metadata.deletionTimestamp') === ''
        ? undefined
        : numberAt(pod, 'metadata.deletionGracePeriodSeconds'),
    container: {
      name: textAt(container, 'name'),
      image: textAt(container, 'image'),
      args: itemsAt(container, 'args').map(String),
      mounts: itemsAt(container, 'volumeMounts').map((mount) => ({
        volume: textAt(mount, 'name'),
        folder: textAt(mount, 'mountPath'),
      })),
      readiness: probeOf(container),
    },
    volumes: itemsAt(pod, 'spec.volumes'),
  }
}

function probeOf(container: Json): Probe | undefined {
  const probe = valueAt(container, 'readinessProbe')
  if (valueAt(probe, 'httpGet') === undefined) return undefined
  const port = valueAt(probe, 'httpGet.port')
  const named = itemsAt(container, 'ports').find((each) => textAt(each, 'name') === port)
  return {
    path: textAt(probe, 'httpGet.path'),
    port: typeof port === 'number' ? port : numberAt(named, 'containerPort'),
    failureThreshold: numberAt(probe, 'failureThreshold'),
  }
}
