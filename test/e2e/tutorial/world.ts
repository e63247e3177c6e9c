import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Cluster,
  type Kubelet,
  sharedCluster,
  startKubelet,
  startServiceProxy,
} from '../../cluster/index.ts'
import { createAuthority } from '../../world/certificates.ts'
import type { AtEnd } from '../../world/gateway/at-end.ts'
import { noteSecrets } from '../../world/secrets.ts'
import { freePort } from '../free-port.ts'
import { sharedKeycloak } from '../keycloak/index.ts'
import { newRealmName, type Realm, realmNamed } from '../keycloak/realm.ts'
import { type Person, sitDown } from './person.ts'

/** Everything that the page assumes, and what is there in the place of what it names. */
export interface TutorialWorld {
  readonly cluster: Cluster
  readonly kubelet: Kubelet
  readonly realm: Realm
  /** Password of everybody in the realm. */
  readonly password: string
  /** Somebody with a computer; the same one each time. */
  person(name: string): Promise<Person>
  /** What the text of the page means here. */
  here(text: string): string
  /** Lets the name of the gateway lead to its Service, as DNS and a load balancer do. */
  publish(): Promise<void>
}

/** Prepares the world; all of it is gone when `atEnd` says. */
export async function tutorialWorld(atEnd: AtEnd): Promise<TutorialWorld> {
  const [cluster, keycloak] = await Promise.all([sharedCluster(), sharedKeycloak()])
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'oidc-login-tutorial-')))
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const kubelet = await startKubelet(cluster, 'oidc-gateway')
  atEnd(kubelet.stop)
  // The pod of the page writes each second, and kwok plays it.
  const talk = setInterval(() => cluster.writeLog('ready'), 1_000)
  atEnd(() => clearInterval(talk))
  const realm = realmNamed(keycloak, newRealmName())
  const password = `password-in-${realm.name}`
  noteSecrets([
    ['password', keycloak.adminPassword],
    ['password', password],
  ])
  const [gatewayPort, podPort] = [await freePort(), await freePort()]

  const authority = await createAuthority()
  const trusted = join(folder, 'trusted.pem')
  writeFileSync(trusted, authority.certPem + keycloak.caPem)
  const keycloakCa = join(folder, 'keycloak.pem')
  writeFileSync(keycloakCa, keycloak.caPem)
  const serving = await authority.issue({ commonName: 'gateway' })

  // What an operator types at prompts, and what only a test has: another realm on a shared Keycloak, whose
  // certificate nobody trusts, and free ports.
  const operator = {
    KUBECONFIG: cluster.adminKubeconfig,
    OIDC_GATEWAY_ADMIN_PASSWORD: keycloak.adminPassword,
    OIDC_GATEWAY_TEST_USER_PASSWORD: password,
    OIDC_GATEWAY_CERTIFICATE_AUTHORITY: keycloakCa,
    OIDC_GATEWAY_REDIRECT_URI: 'http://localhost',
  }
  const people = new Map<string, Promise<Person>>()
  const person = async (name: string): Promise<Person> => {
    const env = name === 'admin' ? operator : {}
    const files = name === 'admin' ? { 'tls.crt': serving.certPem, 'tls.key': serving.keyPem } : {}
    const sitting = people.get(name) ?? sitDown({ folder, name, trusted, env, files }, atEnd)
    people.set(name, sitting)
    return await sitting
  }

  // The whole table of what the page says and what is meant here.
  const meanings: readonly (readonly [RegExp, string])[] = [
    [/https:\/\/sso\.example\.com/g, keycloak.origin],
    [/https:\/\/gateway\.example\.com/g, `https://localhost:${gatewayPort}`],
    [/gateway\.example\.com/g, 'localhost'],
    [/\bdemo\b/g, realm.name],
    [/\b8080\b/g, `${podPort}`],
    [/\/home\//g, `${folder}/`],
  ]
  return {
    cluster,
    kubelet,
    realm,
    password,
    person,
    here: (text) =>
      meanings.reduce((result, [said, meant]) => result.replaceAll(said, meant), text),
    async publish() {
      const service = { namespace: 'oidc-gateway', service: 'oidc-gateway', port: 'https' }
      const door = await startServiceProxy(cluster, service, gatewayPort)
      atEnd(door.stop)
    },
  }
}
