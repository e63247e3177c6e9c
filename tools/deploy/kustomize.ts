import { readFileSync } from 'node:fs'
import { stringify } from 'yaml'
import {
  clusterWideName,
  installationObjects,
  installedText,
  type KubernetesObject,
  toYaml,
} from '../../src/gateway/manifests/index.ts'
import { neededRights, rulesOf } from '../../src/gateway/rights/index.ts'
import type { DeployFile } from './deploy-file.ts'
import { sampleInstallation } from './sample-installation.ts'

const note = '# Written by "npm run docs" from src/gateway/manifests.\n'

/**
 * The base and the components for kustomize, for a configuration that gives people no more than names and
 * groups; and the configuration of the example.
 */
export function kustomizeFiles(): DeployFile[] {
  const files = Object.entries(objectFiles).map(([name, isOf]) => ({
    path: `base/${name}`,
    text: note + toYaml(objects.filter(isOf)),
  }))
  const names = Object.keys(objectFiles)
  return [
    ...files,
    { path: 'base/kustomization.yaml', text: kustomization('Kustomization', { resources: names }) },
    { path: 'classic/kustomization.yaml', text: kustomization('Component', classicPatch()) },
    {
      path: 'service-monitor/kustomization.yaml',
      text: kustomization('Component', { resources: ['service-monitor.yaml'] }),
    },
    {
      path: 'service-monitor/service-monitor.yaml',
      text: note + toYaml(objects.filter(isMonitoring)),
    },
    { path: 'example/gateway.yaml', text: exampleConfiguration() },
  ]
}

const sample = sampleInstallation({ wantsServiceMonitor: true })
const objects = installationObjects(sample)

function isMonitoring({ metadata }: KubernetesObject): boolean {
  return metadata.name.endsWith('-operations')
}

function ofKind(wanted: string) {
  return (object: KubernetesObject) => object.kind === wanted && !isMonitoring(object)
}

/** Files of the base. The ConfigMap is not among them: it is what everybody has of his own. */
const objectFiles: Readonly<Record<string, (object: KubernetesObject) => boolean>> = {
  'namespace.yaml': ofKind('Namespace'),
  'service-account.yaml': ofKind('ServiceAccount'),
  'impersonation.yaml': ({ kind }) => kind.startsWith('ClusterRole'),
  'network-policy.yaml': ofKind('NetworkPolicy'),
  'service.yaml': ofKind('Service'),
  'disruption-budget.yaml': ofKind('PodDisruptionBudget'),
  'deployment.yaml': ofKind('Deployment'),
  'autoscaler.yaml': ofKind('HorizontalPodAutoscaler'),
}

/** The rules for older clusters in the place of those of the base. */
function classicPatch() {
  const value = rulesOf(neededRights(sample.configuration, 'classic'))
  return {
    patches: [
      {
        target: { kind: 'ClusterRole', name: clusterWideName(sample.namespace) },
        patch: stringify([{ op: 'replace', path: '/rules', value }], { lineWidth: 0 }),
      },
    ],
  }
}

function kustomization(kind: 'Kustomization' | 'Component', fields: object): string {
  const version = kind === 'Component' ? 'v1alpha1' : 'v1beta1'
  const document = { apiVersion: `kustomize.config.k8s.io/${version}`, kind, ...fields }
  return note + stringify(document, { lineWidth: 0 })
}

/** The example of the guide, as a pod reads it. */
function exampleConfiguration(): string {
  const guide = readFileSync('docs/gateway.md', 'utf8').replaceAll('\r\n', '\n')
  const [, text] =
    /<!-- example: gateway\.yaml -->\n```yaml\n([^`]*(?:`[^`]+`[^`]*)*?)```\n/.exec(guide) ?? []
  if (text === undefined) throw new Error('docs/gateway.md has no example of a configuration')
  return installedText({ text }, sample)
}
