import type { TestProject } from 'vitest/node'
import { createAuthority } from '../../world/certificates.ts'
import { openDesk } from '../desk.ts'
import { keycloakHome, startKeycloak } from './server.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where to ask for the Keycloak that all files share. */
    keycloakDesk: string
  }
}

/** Keycloak starts once a run, and only when a test asks for it. @returns what ends it */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!keycloakHome) return undefined
  const desk = await openDesk(async () => {
    const { stop, ...facts } = await startKeycloak({ authority: await createAuthority() })
    return { facts, stop }
  })
  project.provide('keycloakDesk', desk.url)
  return desk.close
}
