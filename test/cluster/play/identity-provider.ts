import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRealm, mallory, startKeycloak } from '../../e2e/keycloak/index.ts'
import type { Authority } from '../../world/certificates.ts'
import { startProvider } from '../../world/provider.ts'
import { jane, john } from '../../world/provider-accounts.ts'

/** Where John, Jane and Mallory have their accounts. */
export interface IdentityProvider {
  readonly issuer: string
  /** More options of the plugin, so that a browser shows no warning. */
  readonly options: readonly string[]
  /** For people, line by line. */
  readonly description: readonly string[]
  stop(): Promise<void>
}

/** Starts a Keycloak with a realm of its own. */
export async function keycloakProvider(
  folder: string,
  authority: Authority,
): Promise<IdentityProvider> {
  const keycloak = await startKeycloak({ authority })
  const passwordFile = join(folder, 'keycloak-admin-password')
  writeFileSync(passwordFile, `${keycloak.adminPassword}\n`, { mode: 0o600 })
  const { issuer } = await createRealm(keycloak, { name: 'tutorial' })
  return {
    issuer,
    options: [],
    description: [
      `Keycloak  ${keycloak.origin}/admin  user admin, password in ${passwordFile}`,
      '          Its certificate is of an authority that lives only here: a browser warns of it.',
    ],
    stop: keycloak.stop,
  }
}

/** Starts a provider in this process, in the place of a Keycloak that cannot be had. */
export async function embeddedProvider(authority: Authority): Promise<IdentityProvider> {
  const provider = await startProvider({
    authority,
    hasPlainDoor: true,
    refreshTokens: 'always',
    accounts: [john, jane, mallory],
  })
  const { issuer, plainOrigin, stop } = provider
  return {
    issuer,
    options: [
      `--oidc-authorization-endpoint=${plainOrigin}/auth`,
      `--oidc-end-session-endpoint=${plainOrigin}/session/end`,
    ],
    description: [`A small provider in the place of Keycloak  ${issuer}`],
    stop,
  }
}
