import { basename } from 'node:path'
import { type Installation, podFiles } from './installation.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import { namespaced } from './metadata.ts'

/** Both documents of the configuration. The gateway reads them again when they change. */
export function configurationMapObject(installation: Installation): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: namespaced(installation),
    data: { [basename(podFiles.configuration)]: installation.configuration.text },
  }
}
