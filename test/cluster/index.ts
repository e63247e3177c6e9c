export { type Cluster, type ClusterFacts, clusterAt, type UserFacts } from './cluster.ts'
export {
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from './control-plane.ts'
export { type Kubelet, type RunningPod, startKubelet } from './kubelet/index.ts'
export { programs } from './programs.ts'
export { type ServicePort, type ServiceProxy, startServiceProxy } from './service-proxy.ts'
export { sharedCluster } from './shared.ts'
