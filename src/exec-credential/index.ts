export { type ExecApiVersion, type ExecRequest, execApiVersions, parseExecInfo } from './request.ts'
export { type Credential, formatExecCredential } from './response.ts'
