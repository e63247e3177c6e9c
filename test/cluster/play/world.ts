import { createAuthority } from '../../world/certificates.ts'
import { type ControlPlane, startControlPlane } from '../control-plane.ts'
import { installGateway } from './gateway.ts'
import { embeddedProvider, type IdentityProvider, keycloakProvider } from './identity-provider.ts'
import { objects } from './objects.ts'
import { seatPeople, type Terminals } from './people.ts'

/** A whole world to play in. */
export interface PlayWorld extends Terminals {
  readonly cluster: ControlPlane
  /** URL of the gateway. */
  readonly gateway: string
  readonly provider: IdentityProvider
}

/** How the world is to be. */
export interface PlayOptions {
  readonly hasKeycloak: boolean
  /** Whether login forms are filled in without a person. */
  readonly isAutomatic: boolean
  /** Tells what happens now. */
  readonly say: (line: string) => void
  /** Takes what ends a part, in the order of the starts. */
  readonly atEnd: (end: () => Promise<void>) => void
}

/** Starts everything: a cluster, a provider, a gateway between them, and people who can sign in. */
export async function openWorld(options: PlayOptions): Promise<PlayWorld> {
  const { say, atEnd, hasKeycloak, isAutomatic } = options
  say('Starting etcd, kube-apiserver, the controllers and kwok ...')
  const cluster = await startControlPlane()
  atEnd(cluster.stop)
  const { folder } = cluster
  await cluster.apply(objects)

  const authority = await createAuthority('npm run cluster')
  say(hasKeycloak ? 'Starting Keycloak; half a minute ...' : 'Starting a small OpenID provider ...')
  const provider = hasKeycloak
    ? await keycloakProvider(folder, authority)
    : await embeddedProvider(authority)
  atEnd(provider.stop)

  say('Installing the gateway with "oidc-gateway init --apply", two pods ...')
  const { issuer } = provider
  const gateway = await installGateway(cluster, authority, issuer)
  atEnd(gateway.stop)
  const terminals = await seatPeople({
    folder,
    gateway: gateway.url,
    issuer,
    caPem: authority.certPem,
    options: provider.options,
    isAutomatic,
  })
  return { ...terminals, cluster, gateway: gateway.url, provider }
}
