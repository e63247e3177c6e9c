import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { startApiServer } from '../test/world/api-server.ts'
import { createAuthority } from '../test/world/certificates.ts'
import { createFormBrowser } from '../test/world/form-browser-launcher.ts'
import { writePluginLauncher } from '../test/world/plugin-launcher.ts'
import { startProvider, type TestProvider } from '../test/world/provider.ts'
import { onPath } from '../tools/e2e/on-path.ts'
import { type DemoGateway, startDemoGateway } from './start-gateway.ts'

/** Everything that the demo plays with. */
export interface Stage {
  /** The real kubectl, when there is one. */
  readonly kubectl: string | undefined
  /** The folder that puts the plugin on the PATH. */
  readonly binFolder: string
  readonly kubeconfig: string
  /** The folder of caches, sessions among them. */
  readonly cacheFolder: string
  /** Where people and kubectl come; the API server behind it knows nobody else. */
  readonly gateway: DemoGateway
  /** Arguments of `setup` that a person types. */
  readonly setup: readonly string[]
  /** Options that a real computer does not need: how to sign in without a warning of the browser. */
  readonly ownOptions: readonly string[]
  /** Who can sign in, for people. */
  readonly people: string
  /** Whether the login form is filled in without a person. */
  readonly isAutomatic: boolean
  /** The environment of the commands: a home folder of their own. */
  readonly environment: Readonly<Record<string, string>>
  /** Certificate authority of everything here, PEM. */
  readonly caPem: string
  /** Stops everything and deletes it. Can be called twice. */
  close(): Promise<void>
}

const clientId = 'kubernetes'

/** Starts provider, API server and gateway, and makes a temporary home folder. */
export async function openStage(wish: { readonly isAutomatic: boolean }): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'oidc-login-demo-'))
  const stops: (() => Promise<void>)[] = [
    async () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  ]
  const close = async (): Promise<void> => {
    for (let stop = stops.pop(); stop; stop = stops.pop()) await stop()
  }
  try {
    const isAutomatic = wish.isAutomatic || !hasDisplay()
    if (isAutomatic && !wish.isAutomatic) {
      console.log('There is no display: the login form is filled in by itself, as with --auto.')
    }
    console.log(
      'Starting an OpenID provider, a Kubernetes API and a gateway between them on this computer ...',
    )
    const authority = await createAuthority('demo authority')
    const provider = await startProvider({ authority, hasPlainDoor: true, refreshTokens: 'always' })
    stops.push(provider.stop)
    const { issuer } = provider
    const credential = crypto.randomUUID()
    const api = await startApiServer({ authority, gateway: { token: credential } })
    stops.push(api.stop)
    const place = { folder, authority, issuer, clientId, api, credential }
    const gateway = await startDemoGateway(place)
    stops.push(gateway.stop)

    const home = join(folder, 'home')
    mkdirSync(home)
    const kubeconfig = join(home, '.kube', 'config')
    const binFolder = writePluginLauncher(folder)
    return {
      kubectl: onPath(['kubectl']),
      binFolder,
      kubeconfig,
      cacheFolder: join(home, '.kube', 'cache'),
      gateway,
      setup: [gateway.url, `--certificate-authority=${join(folder, 'ca.crt')}`, '--yes'],
      ownOptions: [
        ...plainDoor(provider),
        '--listen-address=127.0.0.1:8000,127.0.0.1:18000,127.0.0.1:0',
        ...(isAutomatic ? [`--browser-command=${await createFormBrowser(folder, john)}`] : []),
      ],
      people: `${john.username} / ${john.password}`,
      isAutomatic,
      caPem: authority.certPem,
      environment: {
        HOME: home,
        USERPROFILE: home,
        KUBECONFIG: kubeconfig,
        PATH: `${binFolder}${delimiter}${process.env.PATH ?? ''}`,
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const john = { username: 'john', password: 'john-password' }

/** A real browser would warn of the demo's own authority, so it comes by plain http on loopback. */
function plainDoor({ plainOrigin }: TestProvider): string[] {
  return [
    `--oidc-authorization-endpoint=${plainOrigin}/auth`,
    `--oidc-end-session-endpoint=${plainOrigin}/session/end`,
  ]
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return !process.env.CI
  return Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY)
}
