export { type Cluster, type ClusterFacts, clusterAt, type UserFacts } from './cluster.ts'
export {
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from './control-plane.ts'
export { programs } from './programs.ts'
export { sharedCluster } from './shared.ts'
