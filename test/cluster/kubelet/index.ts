export { type Kubelet, startKubelet } from './kubelet.ts'
export type { RunningPod } from './running-pod.ts'
