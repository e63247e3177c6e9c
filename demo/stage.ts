import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { startApiServer } from '../test/world/api-server.ts'
import { createAuthority } from '../test/world/certificates.ts'
import { createFormBrowser } from '../test/world/form-browser-launcher.ts'
import { writeKubeconfig } from '../test/world/kubeconfig.ts'
import { writePluginLauncher } from '../test/world/plugin-launcher.ts'
import { startProvider } from '../test/world/provider.ts'
import { onPath } from '../tools/e2e/on-path.ts'

/** Everything that the demo plays with. */
export interface Stage {
  /** The real kubectl, when there is one. */
  readonly kubectl: string | undefined
  /** The folder that puts the plugin on the PATH. */
  readonly binFolder: string
  readonly kubeconfig: string
  /** The folder of caches, sessions among them. */
  readonly cacheFolder: string
  /** Options of `get-token` and of `logout`. */
  readonly options: readonly string[]
  /** Where the API server listens. */
  readonly server: string
  /** Who can sign in, for people. */
  readonly people: string
  /** Whether the login form is filled in without a person. */
  readonly isAutomatic: boolean
  /** The environment of the commands: a home folder of their own. */
  readonly environment: Readonly<Record<string, string>>
  /** Certificate authority of the API server, PEM. */
  readonly caPem: string
  /** Stops everything and deletes it. Can be called twice. */
  close(): Promise<void>
}

const clientId = 'kubernetes'

/** Starts provider and API server and makes a temporary home folder. */
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
    console.log('Starting an OpenID provider and a Kubernetes API on this computer ...')
    const authority = await createAuthority('demo authority')
    // Plain http on loopback, so that a real browser shows no certificate warning.
    const provider = await startProvider({ authority, isPlain: true, refreshTokens: 'always' })
    stops.push(provider.stop)
    const api = await startApiServer({
      authority,
      oidc: { issuer: provider.issuer, certificateAuthorityPem: authority.certPem, clientId },
    })
    stops.push(api.stop)

    const home = join(folder, 'home')
    mkdirSync(home)
    const browser = isAutomatic
      ? [`--browser-command=${await createFormBrowser(folder, john)}`]
      : []
    const options = [
      `--oidc-issuer-url=${provider.issuer}`,
      `--oidc-client-id=${clientId}`,
      '--oidc-extra-scope=profile',
      '--listen-address=127.0.0.1:8000,127.0.0.1:18000,127.0.0.1:0',
      ...browser,
    ]
    const server = api.url
    const kubeconfig = join(home, '.kube', 'config')
    const binFolder = writePluginLauncher(folder)
    writeKubeconfig(kubeconfig, { server, caPem: authority.certPem, options })
    return {
      kubectl: onPath(['kubectl']),
      binFolder,
      kubeconfig,
      cacheFolder: join(home, '.kube', 'cache'),
      options,
      server,
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

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return !process.env.CI
  return Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY)
}
