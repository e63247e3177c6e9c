export { type ChosenContext, chooseContext } from './context.ts'
export { diffKubeconfig } from './diff.ts'
export type { FieldChanges, FieldValue, KubeconfigChange } from './edit.ts'
export type {
  AuthProviderEntry,
  ClusterEntry,
  ContextEntry,
  ExecEntry,
  Kubeconfig,
  StaticCredential,
  UserEntry,
} from './entries.ts'
export { type KubeconfigFiles, kubeconfigFiles } from './locate.ts'
export { readKubeconfig } from './read.ts'
export {
  backupOf,
  type KubeconfigRevision,
  reviseKubeconfig,
  writeKubeconfig,
} from './write.ts'
