import type { KubeconfigChange } from '../../kubeconfig/index.ts'
import { type ApiServer, apiServerOf, selfSubjectReview } from '../../kubernetes/index.ts'
import type { Onboarding } from '../../onboarding/index.ts'
import { printable } from '../../printable.ts'
import { execChange, pluginCall, rbacFor } from '../../setup/index.ts'
import type { System } from '../../system/index.ts'
import type { OptionValues } from '../given-options.ts'
import { sessionStore } from '../session-store.ts'
import { confirmServer } from './confirm-server.ts'
import { type EntryNames, namesForCluster } from './entry-names.ts'
import { fetchOnboarding, type ServerDescription } from './fetch-onboarding.ts'
import { givenArguments } from './given-arguments.ts'
import { overlay } from './overlay.ts'
import { refuseContradictions } from './refuse-contradictions.ts'
import { contextChanges, openKubeconfig, revise, showRevision } from './revise.ts'
import { notWritten, refuseSecrets } from './secrets.ts'
import { passedOnOptions } from './setup-options.ts'
import { signInNow } from './sign-in-now.ts'

/**
 * `setup https://HOST`: asks a server how its cluster is used, shows it, and after a yes writes
 * cluster, user and context, signs in, and asks the API server who that is.
 *
 * @throws OidcLoginError `onboarding_…`, `setup_declined`, `terminal_unavailable`, and what signing in,
 *   writing a kubeconfig and asking an API server throw
 */
export async function setupFromServer(
  system: System,
  options: OptionValues,
  url: string,
): Promise<void> {
  refuseContradictions(options)
  const description = await fetchOnboarding(system, options, url)
  const { onboarding } = description
  const described = describedBy(onboarding, options)
  const kubeconfig = openKubeconfig(system, options)
  const names = namesForCluster(kubeconfig.contents, onboarding, options)
  const { args, withheld } = givenArguments(passedOnOptions, described)
  refuseSecrets(withheld)
  const call = await pluginCall(system, ['get-token', ...args])
  const changes = [
    clusterChange(names, description),
    execChange(names.user, call),
    ...contextChanges(names),
  ]
  if (options.flag('dry-run')) {
    showRevision(system, kubeconfig, changes)
    return
  }
  await confirmServer(system, { onboarding, names, kubeconfig, isAgreed: options.flag('yes') })
  revise(system, kubeconfig, changes)
  for (const secret of withheld) system.terminal.stderr(notWritten(secret))

  const session = await signInNow(system, described, await sessionStore(system, described))
  const user = await selfSubjectReview(system, apiServerIn(system, options, names.cluster), {
    token: session.token,
    timeoutMs: options.durationMs('request-timeout-sec') ?? 15_000,
  })
  const groups = user.groups.length === 0 ? 'no groups' : `groups ${user.groups.join(', ')}`
  const who = `You are "${printable(user.username)}" (${printable(groups, 500)}).`
  if (options.flag('rbac')) {
    system.terminal.stderr(who)
    system.terminal.stdout(rbacFor({ ...user, groups: user.groups.filter(isOfProvider) }))
  } else {
    system.terminal.stdout(`${who}\n`)
  }
}

/** The cluster as kubectl finds it now, with what was there before. */
function apiServerIn(system: System, options: OptionValues, cluster: string): ApiServer {
  const { contents, files } = openKubeconfig(system, options)
  const entry = contents.clusters.find(({ name }) => name === cluster)
  return apiServerOf(system, entry ?? { name: cluster, path: files.defaultPath })
}

/** The groups `system:…` are everybody's, or nobody's to give. */
function isOfProvider(group: string): boolean {
  return !group.startsWith('system:')
}

function describedBy(
  { issuer, clientId, scopes }: Onboarding,
  options: OptionValues,
): OptionValues {
  return overlay(options, {
    'oidc-issuer-url': issuer,
    'oidc-client-id': clientId,
    'oidc-extra-scope': [...new Set([...scopes, ...options.list('oidc-extra-scope')])].filter(
      (scope) => scope !== 'openid',
    ),
  })
}

function clusterChange(
  { cluster }: EntryNames & { readonly cluster: string },
  { onboarding, certificateAuthority }: ServerDescription,
): KubeconfigChange {
  return {
    list: 'clusters',
    name: cluster,
    fields: {
      server: onboarding.server,
      ...(certificateAuthority === undefined
        ? {}
        : {
            'certificate-authority-data': Buffer.from(certificateAuthority).toString('base64'),
            // kubectl refuses these beside the data, or believes them less.
            'certificate-authority': undefined,
            'insecure-skip-tls-verify': undefined,
          }),
    },
  }
}
