import { stringify } from 'yaml'
import {
  type Installation,
  installationObjects,
  type KubernetesObject,
  toYaml,
} from '../../src/gateway/manifests/index.ts'
import type { DeployFile } from './deploy-file.ts'
import { rulesTemplate } from './helm-rights.ts'
import { type SampleFields, sampleInstallation } from './sample-installation.ts'
import { either, filled } from './template-text.ts'

/**
 * The templates of the Helm chart: the same objects as `oidc-gateway manifests` prints, with expressions
 * where they depend on its options.
 */
export function chartFiles(version: string): DeployFile[] {
  return [
    { path: 'Chart.yaml', text: chartYaml(version) },
    ...Object.entries(templates()).map(([name, text]) => ({
      path: `templates/${name}.yaml`,
      text: `{{- /* Written by "npm run docs" from src/gateway/manifests. */}}\n${text}`,
    })),
  ]
}

function chartYaml(version: string): string {
  return `# Written by "npm run docs".
${stringify({
  apiVersion: 'v2',
  name: 'oidc-gateway',
  description:
    'Verifies OpenID Connect tokens in front of a Kubernetes API server, and forwards by impersonation',
  type: 'application',
  version,
  appVersion: version,
  kubeVersion: '>=1.27.0-0',
})}`
}

const isToken = 'eq .Values.credential "token"'
const isRenewed = 'and (eq .Values.credential "certificate") (eq .Values.renewal "gateway")'
const approvesItself = 'eq (dig "upstream" "renewal" "approval" "external" .Values.gateway) "self"'
const isScaled = 'gt (int .Values.maxReplicas) (int .Values.replicas)'
const hasServiceMonitor = '.Values.serviceMonitor.enabled'

function templates(): Readonly<Record<string, string>> {
  return {
    'service-account': of('ServiceAccount'),
    impersonation: impersonation(),
    renewal: when(isRenewed, renewal()),
    configuration: filled(of('ConfigMap'), {
      'the-configuration': '|\n    {{- include "oidc-gateway.configuration" . | nindent 4 }}',
    }),
    'network-policy': networkPolicy(),
    service: service(),
    'disruption-budget': of('PodDisruptionBudget'),
    deployment: deployment(),
    autoscaler: when(
      isScaled,
      filled(of('HorizontalPodAutoscaler'), {
        'minReplicas: 222': 'minReplicas: {{ int .Values.replicas }}',
        'maxReplicas: 333': 'maxReplicas: {{ int .Values.maxReplicas }}',
      }),
    ),
    'service-monitor': when(hasServiceMonitor, monitoring()),
  }
}

function impersonation(): string {
  const text = either(
    isToken,
    of('Impersonation'),
    of('Impersonation', { credential: certificate }),
  )
  const rules = /^rules:\n(?: .*\n)+/m.exec(text)?.[0] ?? ''
  return filled(text, { [rules]: rulesTemplate() })
}

/** Whoever approves by himself needs more. */
function renewal(): string {
  return either(approvesItself, renewalOf('self'), renewalOf('external'))
}

function renewalOf(approval: string): string {
  const secret = 'a/oidc-gateway-credential'
  const upstream = `{certFile: c, keyFile: k, renewal: {secret: ${secret}, approval: ${approval}}}`
  return of('Renewal', { credential: certificate }, { gateway: `upstream: ${upstream}` })
}

function networkPolicy(): string {
  const list = /( +)- port: 53\n +protocol: TCP\n(?: +- port: .*\n +protocol: TCP\n)+/
  const text = of('NetworkPolicy')
  const [ports = '', margin = ''] = list.exec(text) ?? []
  return filled(text, {
    [ports]: `${margin}{{- range include "oidc-gateway.ports" . | fromJsonArray }}
${margin}- port: {{ . }}
${margin}  protocol: TCP
${margin}{{- end }}
`,
    'port: 8443': 'port: {{ include "oidc-gateway.port" . }}',
    'port: 8080': 'port: {{ include "oidc-gateway.operations-port" . }}',
    'the-monitoring': '{{ .Values.monitoringNamespace }}',
  })
}

function service(): string {
  const text = either(
    'ne .Values.service.type "ClusterIP"',
    of('Service'),
    of('Service', { serviceType: 'ClusterIP' }).replace('ClusterIP', 'LoadBalancer'),
  )
  return filled(text, {
    'type: LoadBalancer': 'type: {{ .Values.service.type }}',
    '\nspec:': `
  {{- with .Values.service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:`,
  })
}

function monitoring(): string {
  const [service = '', monitor = ''] = of('Monitoring').split('---\n')
  const labelled = filled(monitor, {
    '\nspec:': `
    {{- with .Values.serviceMonitor.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:`,
  })
  return `${service}---\n${labelled}`
}

function deployment(): string {
  const fixed = { maxReplicas: 222 }
  const byCredential = (more: Partial<Installation>) =>
    either(isToken, of('Deployment', more), of('Deployment', { ...more, credential: certificate }))
  const text = either(isScaled, byCredential({}), byCredential(fixed))
  const resources = /( +)resources:\n(?:\1 +.*\n)+/.exec(text)?.[0] ?? ''
  return filled(text, {
    'replicas: 222': 'replicas: {{ int .Values.replicas }}',
    'image: the-image': 'image: {{ .Values.image | quote }}',
    'the-tls-secret': '{{ .Values.tlsSecret }}',
    'terminationGracePeriodSeconds: 330':
      'terminationGracePeriodSeconds: {{ include "oidc-gateway.grace-seconds" . }}',
    'containerPort: 8443': 'containerPort: {{ include "oidc-gateway.port" . }}',
    'containerPort: 8080': 'containerPort: {{ include "oidc-gateway.operations-port" . }}',
    [resources]: `          resources:
            {{- toYaml .Values.resources | nindent 12 }}
`,
    '      containers:\n': `      {{- with .Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
`,
  })
}

const certificate = { kind: 'certificate', isRenewed: true } as const

/** Which objects stand in one file. */
const families: Readonly<Record<string, (object: KubernetesObject) => boolean>> = {
  Impersonation: ({ kind, metadata }) =>
    kind.startsWith('ClusterRole') && !metadata.name.endsWith(':renewal'),
  Renewal: ({ metadata }) => metadata.name.endsWith('renewal'),
  Monitoring: ({ metadata }) => metadata.name.endsWith('-operations'),
  Service: ({ kind, metadata }) => kind === 'Service' && metadata.name === 'oidc-gateway',
}

/** Objects of one kind or family as text, with expressions where every object has them. */
function of(kind: string, more: Partial<Installation> = {}, fields: SampleFields = {}): string {
  const sample = sampleInstallation(
    {
      namespace: 'the-namespace',
      image: 'the-image',
      replicas: 222,
      maxReplicas: 333,
      tlsSecretName: 'the-tls-secret',
      monitoringNamespace: 'the-monitoring',
      wantsServiceMonitor: true,
      ...more,
    },
    fields,
  )
  const installation = {
    ...sample,
    configuration: { ...sample.configuration, text: 'the-configuration' },
  }
  const objects = installationObjects(installation).filter(
    families[kind] ?? ((object) => object.kind === kind),
  )
  return filled(toYaml(objects), {
    'the-namespace': '{{ .Release.Namespace }}',
    'managed-by: oidc-gateway': 'managed-by: {{ .Release.Service }}',
  })
}

function when(condition: string, text: string): string {
  return `{{- if ${condition} }}\n${text}{{- end }}\n`
}
