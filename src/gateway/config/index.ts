export type {
  AuthenticationConfiguration,
  ClaimMappings,
  ClaimOrExpression,
  ClaimValidationRule,
  ExtraMapping,
  Issuer,
  JwtAuthenticator,
  PrefixedClaimOrExpression,
  UserValidationRule,
} from './authentication-configuration.ts'
export { type DecodeContext, type DecodedFile, decodeFile, type Kind } from './decode.ts'
export type { ExpressionLanguage, ExpressionVariable } from './expression-language.ts'
export type {
  AuditSettings,
  CertificateRenewal,
  ExpiryAction,
  GatewayConfiguration,
  Limits,
  ListenSettings,
  OnboardingSettings,
  OperationsSettings,
  StreamSettings,
  TokenSettings,
  UpstreamContext,
  UpstreamCredentialFiles,
  UpstreamFiles,
  UpstreamSettings,
} from './gateway-configuration.ts'
export { type LintFacts, lintAuthentication, lintGateway } from './lint/index.ts'
export { type LoadedConfiguration, type LoadOptions, loadConfiguration } from './load.ts'
export { formatProblem, type Problem } from './problem.ts'
export { parseDuration } from './quantities.ts'
export type { Remark, RemarkId } from './remark.ts'
export { renewalOf } from './renewal-of.ts'
