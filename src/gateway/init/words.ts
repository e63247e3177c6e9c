import { nameOf } from '../cluster/index.ts'
import { credentialSecretName } from '../manifests/index.ts'
import type { Change } from './plan.ts'
import type { Plan } from './prepare.ts'
import type { InitSettings } from './settings.ts'

const verbs: Readonly<Record<Change['kind'], string>> = {
  create: 'create',
  change: 'change',
  keep: 'unchanged',
  remove: 'remove',
}

/** More would hide the other objects. */
const mostFields = 4

/**
 * What would be done, an object a line.
 *
 * @param isKnown whether the API server has told how it grants impersonation
 */
export function describePlan(plan: Plan, settings: InitSettings, isKnown: boolean): string {
  const mode = isKnown
    ? `${plan.mode} impersonation`
    : `${plan.mode} impersonation, unless the API server turns out to grant it otherwise`
  const isDone =
    plan.changes.every(({ kind }) => kind === 'keep') && plan.credential.kind !== 'wanted'
  const last = isDone
    ? 'Everything is as it should be.'
    : 'Nothing was changed. Run the same command with --apply to do it.'
  return [
    `mode       ${mode}`,
    ...plan.changes.map(describeChange),
    ...credentialLine(plan, settings),
    '',
    last,
    '',
  ].join('\n')
}

function describeChange(change: Change): string {
  const line = `${verbs[change.kind].padEnd(10)} ${nameOf(change.object)}`
  if (change.kind !== 'change') return line
  const more = change.fields.length - mostFields
  const fields = [...change.fields.slice(0, mostFields), ...(more > 0 ? [`${more} more`] : [])]
  return `${line}: ${fields.join(', ')}`
}

function credentialLine({ credential }: Plan, { installation }: InitSettings): string[] {
  switch (credential.kind) {
    case 'mounted':
      return []
    case 'kept':
      return ['unchanged  the client certificate']
    case 'token-file':
      return [`create     a token in ${credential.folder}`]
    case 'wanted': {
      const place = credential.folder ?? `Secret ${installation.namespace}/${credentialSecretName}`
      return [`create     ${place}, with a client certificate`]
    }
  }
}

/** What is left to do when the gateway is installed. */
export function nextSteps({ installation, credentialFolder }: InitSettings): string {
  const { namespace, configuration } = installation
  const { onboarding } = configuration.gateway
  const server = onboarding?.server ?? 'https://GATEWAY'
  const host = onboarding ? new URL(server).hostname : 'its name'
  if (credentialFolder !== undefined) {
    return `\nThe gateway can come. Put what ${credentialFolder}/upstream.yaml says into its configuration, and start it:\n  oidc-gateway serve --config gateway.yaml\n`
  }
  return `
The gateway is installed. What is left to do:
  1. Let ${host} lead to it:    kubectl -n ${namespace} get service oidc-gateway
  2. Try it with a token:       oidc-gateway verify --server=${server} --token-file=token.json
  3. Let people in:             kubectl oidc-login setup ${server}
`
}
