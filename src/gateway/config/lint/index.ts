export { type LintFacts, lintAuthentication } from './lint-authentication.ts'
export { lintGateway } from './lint-gateway.ts'
