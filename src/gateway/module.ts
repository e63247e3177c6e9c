/**
 * The gateway as a module: `import { createGateway } from 'kubectl-oidc-login/gateway'`.
 *
 * @example
 *   import { createGateway, readConfiguration } from 'kubectl-oidc-login/gateway'
 *
 *   const gateway = await createGateway(readConfiguration('gateway.yaml'))
 *   const { port } = await gateway.listen()
 *   // …
 *   await gateway.close()
 *
 * @module
 */
import type { Writable } from 'node:stream'
import { nodeFiles, nodeSystem } from '../system/index.ts'
import { celLanguage } from './claims/index.ts'
import { loadConfiguration } from './config/index.ts'
import { type GatewayLog, silentLog } from './operations/index.ts'
import type { ExchangeObserver } from './proxy/index.ts'
import { createGateway as createWith, type Documents, type Gateway } from './server/index.ts'

export { OidcLoginError } from '../errors.ts'
export type { AuthenticationConfiguration, GatewayConfiguration } from './config/index.ts'
export type { Identity, UserInfo } from './identity/index.ts'
export type { GatewayLog, LogFacts } from './operations/index.ts'
export type { CloseReason, Exchange, ExchangeObserver } from './proxy/index.ts'
export type { RefusalReason, RequestInfo } from './request/index.ts'
export type { Addresses, Documents, Gateway } from './server/index.ts'

/** How an embedded gateway is made. */
export interface EmbeddedGatewayOptions extends Documents {
  /** What it says of itself; by default nothing. */
  readonly log?: GatewayLog
  /** Where audit lines go with `audit.sink: stdout`; by default to stdout. */
  readonly auditStream?: Writable
  /** Told of each request when it is decided, answered and ended. It must not throw. */
  readonly observer?: ExchangeObserver
}

/**
 * Makes a gateway in this process. It keeps nothing global and handles no signals: whoever embeds it
 * calls `listen()`, and `drain()` or `close()`. `workers` is for the program and has no meaning here.
 *
 * @throws OidcLoginError when the configuration or a file that it names cannot be used
 */
export async function createGateway(options: EmbeddedGatewayOptions): Promise<Gateway> {
  const { log = silentLog, auditStream = process.stdout, ...rest } = options
  const system = nodeSystem(new AbortController().signal)
  return await createWith({ ...rest, system, log, auditStream })
}

/**
 * Reads the two documents that configure a gateway from a file, as `oidc-gateway serve --config` does.
 *
 * @throws OidcLoginError `configuration_invalid` with all faults at once, `file_unreadable`
 */
export function readConfiguration(file: string): Documents {
  return documentsOf(file)
}

/**
 * The same from text.
 *
 * @param name what the text is called in messages; files that it names are relative to its folder
 */
export function parseConfiguration(text: string, name = 'configuration'): Documents {
  return documentsOf(name, text)
}

function documentsOf(file: string, text?: string): Documents {
  const { gateway, authentication } = loadConfiguration(file, {
    files: nodeFiles,
    language: celLanguage,
    ...(text === undefined ? {} : { text }),
  })
  return { configuration: gateway, authentication }
}
