export {
  certificateUser,
  clusterWideName,
  credentialSecretName,
  gatewayName,
  type Installation,
  type InstalledConfiguration,
  type InstalledCredential,
  podFiles,
} from './installation.ts'
export { installationObjects } from './installation-objects.ts'
export { type ConfigurationSource, installedText } from './installed-text.ts'
export type { KubernetesObject, ObjectMetadata } from './kubernetes-object.ts'
export { labels } from './metadata.ts'
export { unfitForPod } from './unfit.ts'
export { toYaml } from './yaml.ts'
