import { resolve } from 'node:path'

/** The built program, as operators run it. */
export const gatewayPath: string = resolve('bin', 'oidc-gateway.js')
