export { auditSink } from './audit-sink.ts'
export {
  type Addresses,
  createGateway,
  type Gateway,
  type GatewayOptions,
} from './create-gateway.ts'
export { listening } from './listening.ts'
export type { Documents } from './live.ts'
export { loadMaterial, type Material } from './material.ts'
export { certificatePair, readCertificates, readText } from './pem-files.ts'
export { renewForWorkers, type WorkersRenewal } from './renew-for-workers.ts'
export { staticCredential } from './static-credential.ts'
