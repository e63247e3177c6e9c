import { inject } from 'vitest'
import type { KeycloakAccess } from './server.ts'

/** The Keycloak that all files of a run share; it is started for the first who asks. */
export async function sharedKeycloak(): Promise<KeycloakAccess> {
  const answer = await fetch(inject('keycloakDesk'))
  if (!answer.ok) throw new Error(await answer.text())
  const { origin, caPem, adminPassword } = Object(await answer.json())
  return { origin, caPem, adminPassword }
}
