export {
  type CertificateSecret,
  type CertificateSecretOptions,
  certificateSecret,
} from './certificate-secret.ts'
export { faultOfCommonName } from './common-name.ts'
export { createKeyAndRequest, type KeyAndRequest } from './create-request.ts'
export { type CertificateFacts, certificateFacts } from './facts.ts'
export { type SigningProgress, signingProgress } from './progress.ts'
export {
  approved,
  clientSigner,
  type SigningRequest,
  type SigningRequestOptions,
  signingRequest,
  signingRequestLabels,
  signingRequestName,
} from './signing-request.ts'
export { type ExpectedCertificate, type IssuedVerdict, verifyIssued } from './verify-issued.ts'
