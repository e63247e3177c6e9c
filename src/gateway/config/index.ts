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
export type {
  AuditSettings,
  ExpiryAction,
  GatewayConfiguration,
  Limits,
  ListenSettings,
  OnboardingSettings,
  OperationsSettings,
  StreamSettings,
  TokenSettings,
  UpstreamCredentialFiles,
  UpstreamSettings,
} from './gateway-configuration.ts'
