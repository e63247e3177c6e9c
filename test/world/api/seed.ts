import type { Cluster } from './call.ts'
import { containerNames } from './containers.ts'
import type { JsonObject } from './json.ts'
import { parseObject } from './object.ts'
import { resourceTypes } from './resources.ts'
import { timestamp } from './store.ts'

/** Fills a cluster with what a person expects to see in a small one. */
export function seed({ store, logs, now }: Pick<Cluster, 'store' | 'logs' | 'now'>): void {
  for (const [kind, namespace, name, content] of seedObjects(timestamp(now()))) {
    const type = resourceTypes.find((candidate) => candidate.kind === kind)
    if (!type) continue
    const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`
    const { labels, ...rest } = content
    const body = { apiVersion, kind, metadata: labels ? { labels } : {}, ...rest }
    const kept = store.save(type, parseObject(body, type, { namespace, name }))
    for (const container of containerNames(kept)) {
      logs.append(kept, container, 'listening on :8080')
      logs.append(kept, container, 'ready')
    }
  }
}

type SeedObject = readonly [
  kind: string,
  namespace: string | undefined,
  name: string,
  content: JsonObject,
]

function service(clusterIP: string, ports: readonly JsonObject[], app?: string): JsonObject {
  return {
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      sessionAffinity: 'None',
      ports,
      ...(app ? { selector: { app } } : {}),
    },
    status: { loadBalancer: {} },
  }
}

function pod(app: string, podIP: string, startedAt: string): JsonObject {
  const state = { running: { startedAt } }
  return {
    labels: { app },
    spec: {
      nodeName: 'node-1',
      restartPolicy: 'Always',
      containers: [{ name: app, image: `registry.example.com/${app}:1.0` }],
    },
    status: {
      phase: 'Running',
      startTime: startedAt,
      podIP,
      podIPs: [{ ip: podIP }],
      hostIP: '192.0.2.10',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [{ name: app, ready: true, restartCount: 0, state }],
    },
  }
}

const helloDeployment: JsonObject = {
  labels: { app: 'hello' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'hello' } },
    template: {
      metadata: { labels: { app: 'hello' } },
      spec: { containers: [{ name: 'hello', image: 'registry.example.com/hello:1.0' }] },
    },
  },
  status: { replicas: 2, readyReplicas: 2, updatedReplicas: 2, availableReplicas: 2 },
}

const helloSlice: JsonObject = {
  labels: { 'kubernetes.io/service-name': 'hello' },
  addressType: 'IPv4',
  endpoints: [
    { addresses: ['10.244.0.5'], conditions: { ready: true } },
    { addresses: ['10.244.0.6'], conditions: { ready: true } },
  ],
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
}

const helloEndpoints: JsonObject = {
  subsets: [
    {
      addresses: [{ ip: '10.244.0.5' }, { ip: '10.244.0.6' }],
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    },
  ],
}

const https = { name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }
const http = { name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }
const dns = { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 }

function seedObjects(startedAt: string): readonly SeedObject[] {
  return [
    ['Namespace', undefined, 'default', { status: { phase: 'Active' } }],
    ['Namespace', undefined, 'kube-system', { status: { phase: 'Active' } }],
    ['Service', 'default', 'kubernetes', service('10.96.0.1', [https])],
    ['Service', 'default', 'hello', service('10.96.44.12', [http], 'hello')],
    [
      'Service',
      'kube-system',
      'kube-dns',
      {
        labels: { 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
        ...service('10.96.0.10', [dns], 'coredns'),
      },
    ],
    ['Endpoints', 'default', 'hello', helloEndpoints],
    ['EndpointSlice', 'default', 'hello-w5m2c', helloSlice],
    ['Deployment', 'default', 'hello', helloDeployment],
    ['Pod', 'default', 'hello-6d4b75cb6d-q9w4z', pod('hello', '10.244.0.6', startedAt)],
    ['Pod', 'default', 'hello-6d4b75cb6d-x7k2p', pod('hello', '10.244.0.5', startedAt)],
    ['Pod', 'kube-system', 'coredns-7c65d6cfc9-t8n4b', pod('coredns', '10.244.0.2', startedAt)],
    ['ConfigMap', 'default', 'kube-root-ca.crt', { data: { 'ca.crt': '' } }],
    ['ConfigMap', 'kube-system', 'kube-root-ca.crt', { data: { 'ca.crt': '' } }],
  ]
}
