import { stringify } from 'yaml'
import type { KubernetesObject } from './kubernetes-object.ts'

/**
 * Objects as a file of YAML documents. Equal objects give equal text. Readers of YAML 1.1, as Kubernetes
 * is one, and of YAML 1.2 see the same: what only one of them takes for a text is quoted.
 */
export function toYaml(objects: readonly KubernetesObject[]): string {
  return objects.map((object) => stringify(object, options)).join('---\n')
}

const options = {
  version: '1.1',
  compat: 'core',
  lineWidth: 0,
  aliasDuplicateObjects: false,
} as const
