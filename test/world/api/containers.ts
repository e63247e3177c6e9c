import { itemsAt, textAt } from './json.ts'
import type { KubernetesObject } from './object.ts'

/** Names of the containers of a pod. */
export function containerNames(pod: KubernetesObject): readonly string[] {
  return itemsAt(pod, 'spec.containers').map((container) => textAt(container, 'name'))
}
