import { stringify } from 'yaml'
import { type ImpersonationMode, neededRights, rulesOf } from '../../src/gateway/rights/index.ts'
import { sampleInstallation } from './sample-installation.ts'
import { either } from './template-text.ts'

const extraKey = 'placeholder.example.com/extra'

const keys = 'include "oidc-gateway.extra-keys" . | fromJsonArray'

/**
 * The rules of the ClusterRole as a template: every part that depends on the configuration or on the mode
 * stands in its condition.
 */
export function rulesTemplate(): string {
  return `{{- if eq (include "oidc-gateway.mode" .) "constrained" }}
# For Kubernetes 1.36 and newer.
${rulesIn('constrained')}{{- else }}
# For Kubernetes 1.35 and older: includes system:masters, which newer API servers refuse when constrained.
${rulesIn('classic')}{{- end }}
`
}

function rulesIn(mode: ImpersonationMode): string {
  const text = either(keys, byUid(mode, true), byUid(mode, false))
  const line = `      - userextras/${extraKey}\n`
  const lines = `      {{- range ${keys} }}
      - userextras/{{ . }}
      {{- end }}
`
  // A list of nothing needs no condition around it.
  return text
    .replace(`      {{- if ${keys} }}\n${line}      {{- end }}\n`, lines)
    .replace(line, lines)
}

function byUid(mode: ImpersonationMode, hasExtra: boolean): string {
  const rules = (hasUid: boolean) => byReview(mode, { hasUid, hasExtra })
  return either('include "oidc-gateway.has-uid" .', rules(true), rules(false))
}

function byReview(mode: ImpersonationMode, features: Omit<Features, 'isReviewed'>): string {
  const rules = (isReviewed: boolean) => plainRules(mode, { ...features, isReviewed })
  return either('include "oidc-gateway.is-reviewed" .', rules(true), rules(false))
}

interface Features {
  readonly hasUid: boolean
  readonly hasExtra: boolean
  readonly isReviewed: boolean
}

function plainRules(mode: ImpersonationMode, { hasUid, hasExtra, isReviewed }: Features): string {
  const { configuration } = sampleInstallation(
    {},
    {
      gateway: isReviewed ? 'impersonation: {nested: review}' : '',
      mappings: [
        ...(hasUid ? ['uid: {claim: sub}'] : []),
        ...(hasExtra ? [`extra: [{key: ${extraKey}, valueExpression: "'x'"}]`] : []),
      ].join(', '),
    },
  )
  // The key by which a review names the real user is among those that the template counts.
  const rights = neededRights(configuration, mode).filter(
    (right) => right.kind === 'path' || right.resource !== 'userextras/oidc-gateway/original-user',
  )
  return stringify({ rules: rulesOf(rights) }, { lineWidth: 0, aliasDuplicateObjects: false })
}
