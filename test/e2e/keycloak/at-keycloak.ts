import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { type Computer, computer } from '../../world/world.ts'
import { openWindow } from '../browser.ts'
import { noteVisits } from '../visits.ts'
import { createRealm, type Realm } from './realm.ts'
import type { RealmOptions } from './realm-representation.ts'
import type { KeycloakAccess } from './server.ts'
import { sharedKeycloak } from './shared.ts'

/** John's computer, his window, and a realm of his own at Keycloak. */
export interface AtKeycloak {
  readonly john: Computer
  readonly realm: Realm
  readonly window: BrowserContext
  /** The options of `get-token`; later ones win. */
  options(...more: readonly string[]): string[]
  /** The page in John's window that the plugin sends his browser to next. */
  visit(): Promise<Page>
  /** How often his browser was sent somewhere. */
  countVisits(): number
}

/** What a test wants of {@link atKeycloak}. */
export interface AtKeycloakOptions extends RealmOptions {
  /** The Keycloak that all tests share, by default. */
  readonly keycloak?: KeycloakAccess
  /** Name of the realm; a new one by default. */
  readonly name?: string
  /** The realm, when it is there already. */
  readonly realm?: Realm
}

/** Sits John down at a computer that trusts Keycloak. All is gone when the running test ends. */
export async function atKeycloak(wanted: AtKeycloakOptions = {}): Promise<AtKeycloak> {
  const realm =
    wanted.realm ?? (await createRealm(wanted.keycloak ?? (await sharedKeycloak()), wanted))
  const john = await computer()
  const window = await openWindow()
  const caPath = join(john.home, 'keycloak-ca.pem')
  writeFileSync(caPath, realm.caPem)
  const visits = noteVisits(john.home)
  return {
    john,
    realm,
    window,
    options: (...more) =>
      john.options(
        realm.issuer,
        `--certificate-authority=${caPath}`,
        `--browser-command=${visits.command}`,
        // A real browser and a real Keycloak share the processors with everything else.
        '--authentication-timeout-sec=120',
        ...more,
      ),
    async visit() {
      const page = await window.newPage()
      await page.goto(await visits.next())
      return page
    },
    countVisits: visits.count,
  }
}
