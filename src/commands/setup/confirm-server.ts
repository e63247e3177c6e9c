import { X509Certificate } from 'node:crypto'
import { OidcLoginError } from '../../errors.ts'
import type { Kubeconfig } from '../../kubeconfig/index.ts'
import type { Onboarding } from '../../onboarding/index.ts'
import { printable } from '../../printable.ts'
import type { System } from '../../system/index.ts'
import { pluginUsers } from '../kubeconfig-users.ts'
import type { EntryNames } from './entry-names.ts'
import type { OpenKubeconfig } from './revise.ts'

/** What is to be confirmed. */
export interface Confirmation {
  readonly onboarding: Onboarding
  readonly names: EntryNames
  readonly kubeconfig: OpenKubeconfig
  /** Whether the user has agreed beforehand (`--yes`). */
  readonly isAgreed: boolean
}

/**
 * Shows which server will receive the tokens of which provider, and asks whether that is meant. A
 * server that only pretends to be somebody's cluster would use the tokens at the real one.
 *
 * @throws OidcLoginError `setup_declined`, `terminal_unavailable` without a terminal, `interrupted`
 */
export async function confirmServer(
  system: System,
  { onboarding, names, kubeconfig, isAgreed }: Confirmation,
): Promise<void> {
  const say = (text: string): void => system.terminal.stderr(text)
  say(`${onboarding.server} says how its cluster is used:`)
  for (const [label, value] of facts(onboarding)) say(`  ${label.padEnd(12)}${value}`)
  say(`It will receive your tokens of that issuer, and can act as you wherever they are accepted.`)
  for (const other of sharedBy(kubeconfig.contents, onboarding)) {
    say(`Your context ${other} accepts tokens of the same client.`)
  }
  const before = providerBefore(kubeconfig.contents, names.user, onboarding)
  if (before) say(`Until now the user "${printable(names.user)}" signs in elsewhere: ${before}.`)
  say(
    `In the kubeconfig this becomes the cluster "${names.cluster}", the user "${printable(names.user)}" and the current context "${printable(names.context ?? '')}".`,
  )
  if (isAgreed) return
  const answer = await system.terminal.ask({
    text: 'Write this and sign in? [y/N] ',
    isHidden: false,
    signal: system.interrupted,
  })
  if (answer === undefined) throw noTerminal()
  if (/^\s*y(?:es)?\s*$/i.test(answer)) return
  throw new OidcLoginError('setup_declined', 'Nothing was written, and nobody was signed in.')
}

function facts({
  clusterName,
  server,
  certificateAuthority,
  issuer,
  clientId,
  scopes,
}: Onboarding): [string, string][] {
  const authority = certificateAuthority
    ? `its own, SHA-256 ${fingerprints(certificateAuthority).join(', ')}`
    : 'publicly trusted, or given by you'
  return [
    ['cluster', clusterName],
    ['server', server],
    ['authority', authority],
    ['issuer', issuer],
    ['client', clientId],
    ['scopes', ['openid', ...scopes].join(' ')],
  ]
}

function fingerprints(pem: string): string[] {
  return pem
    .split(/(?<=-----END CERTIFICATE-----)/)
    .filter((block) => block.trim() !== '')
    .map((block) => new X509Certificate(block).fingerprint256)
}

/** Contexts of other servers whose users sign in as the same client. */
function sharedBy(kubeconfig: Kubeconfig, { issuer, clientId, server }: Onboarding): string[] {
  const users = new Set(
    pluginUsers(kubeconfig)
      .filter(({ identity }) => identity.issuer === issuer && identity.clientId === clientId)
      .map(({ name }) => name),
  )
  return kubeconfig.contexts.flatMap(({ name, cluster, user }) => {
    const other = kubeconfig.clusters.find((one) => one.name === cluster)?.server
    if (user === undefined || !users.has(user) || other === undefined || other === server) return []
    return [`"${printable(name)}" (${printable(other)})`]
  })
}

/** The provider of the user who is there, when it is another one: the server has changed its mind. */
function providerBefore(
  kubeconfig: Kubeconfig,
  user: string,
  { issuer, clientId }: Onboarding,
): string | undefined {
  const before = pluginUsers(kubeconfig).find(({ name }) => name === user)?.identity
  if (before === undefined) return undefined
  if (before.issuer === issuer && before.clientId === clientId) return undefined
  return printable(`at ${before.issuer} as the client ${before.clientId}`)
}

function noTerminal(): OidcLoginError {
  return new OidcLoginError(
    'terminal_unavailable',
    'To confirm this, a terminal is needed, and there is none.',
    { hint: 'When you trust this server with your tokens, give --yes.' },
  )
}
