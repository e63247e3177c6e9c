import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mallory } from '../../e2e/keycloak/index.ts'
import { createFormBrowser } from '../../world/form-browser-launcher.ts'
import { writeKubeconfig } from '../../world/kubeconfig.ts'
import { writePluginLauncher } from '../../world/plugin-launcher.ts'
import { jane, john, type TestAccount } from '../../world/provider-accounts.ts'

/** How people reach the cluster, and sign in for it. */
export interface Reach {
  /** An existing folder that gets a folder for each of them. */
  readonly folder: string
  /** URL of the gateway. */
  readonly gateway: string
  readonly issuer: string
  /** Certificate of the authority that vouches for both. */
  readonly caPem: string
  /** More options of `get-token`. */
  readonly options: readonly string[]
  /** Whether login forms are filled in without a person. */
  readonly isAutomatic: boolean
}

/** What people put into their terminal. */
export interface Terminals {
  /** Folder for the PATH. */
  readonly binFolder: string
  readonly people: readonly { readonly kubeconfig: string; readonly description: string }[]
}

const people: readonly { readonly account: TestAccount; readonly may: string }[] = [
  { account: john, may: 'may read services' },
  { account: jane, may: 'administers the cluster' },
  {
    account: mallory,
    may: 'has the first name john and the group system:masters, and may nothing',
  },
]

/** Writes a kubeconfig for each of them. Each has sessions of his own, so that nobody has to log out. */
export async function seatPeople(reach: Reach): Promise<Terminals> {
  const caFile = join(reach.folder, 'gateway-ca.crt')
  writeFileSync(caFile, reach.caPem)
  const seats = []
  for (const { account, may } of people) {
    const home = join(reach.folder, account.username)
    mkdirSync(home)
    const kubeconfig = join(home, 'kubeconfig')
    writeKubeconfig(kubeconfig, {
      server: reach.gateway,
      caPem: reach.caPem,
      options: [
        `--oidc-issuer-url=${reach.issuer}`,
        '--oidc-client-id=kubernetes',
        '--oidc-extra-scope=profile',
        `--certificate-authority=${caFile}`,
        `--token-cache-dir=${join(home, 'sessions')}`,
        ...reach.options,
        ...(reach.isAutomatic
          ? [`--browser-command=${await browserOf(home, account, caFile)}`]
          : []),
      ],
    })
    seats.push({ kubeconfig, description: `${account.username} / ${account.password}: ${may}` })
  }
  return { binFolder: writePluginLauncher(reach.folder), people: seats }
}

async function browserOf(
  folder: string,
  { username, password }: TestAccount,
  caPath: string,
): Promise<string> {
  return await createFormBrowser(folder, { username, password, caPath })
}
