/** The tokens that the gateway of a test accepts, and the one that it passes on. */
export const tokens = {
  john: 'john-token',
  jane: 'jane-token',
  serviceAccount: 'sa-token',
} as const

/** The gateway's own credential in tests. It must never reach a client. */
export const gatewayToken = 'gateway-secret'
