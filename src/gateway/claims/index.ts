export { compileMapping, type IdentityMapping, type MappedIdentity } from './compile-mapping.ts'
export { celLanguage } from './language.ts'
