export type {
  ApplyOptions,
  ClusterAnswer,
  ClusterClient,
  ClusterRequest,
} from './cluster-client.ts'
export { fieldManager } from './cluster-client.ts'
export { clusterClient } from './create-client.ts'
export {
  type ClusterObject,
  collectionPath,
  groupOf,
  nameOf,
  type ObjectName,
  objectPath,
  resourceOf,
} from './objects.ts'
export { type ContextChoice, type OperatorAccess, operatorAccess } from './operator-access.ts'
export { parseObject } from './parse-object.ts'
