import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { createAuthority } from '../../world/certificates.ts'
import { type KeycloakServer, keycloakHome, startKeycloak } from './server.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where to ask for the Keycloak that all files share. */
    keycloakDesk: string
  }
}

/**
 * Keycloak starts once a run, and only when a test asks for it: workers ask at a loopback address, and
 * the first one waits for the start.
 *
 * @returns what ends it
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let running: Promise<KeycloakServer> | undefined
  const desk = createServer((_, response) => {
    running ??= createAuthority().then((authority) => startKeycloak({ authority }))
    running.then(
      ({ origin, caPem, adminPassword }) =>
        response.end(JSON.stringify({ origin, caPem, adminPassword })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  if (keycloakHome) await new Promise<void>((done) => desk.listen(0, '127.0.0.1', done))
  const address = desk.address() as AddressInfo | null
  project.provide('keycloakDesk', `http://127.0.0.1:${address?.port}`)
  return async () => {
    desk.close()
    desk.closeAllConnections()
    await (await running?.catch(() => undefined))?.stop()
  }
}
