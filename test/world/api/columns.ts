import { humanDuration } from './age.ts'
import { isJsonObject, itemsAt, type Json, numberAt, textAt, textPairsAt, valueAt } from './json.ts'
import type { KubernetesObject } from './object.ts'
import type { ResourceType } from './resources.ts'

/** A column of the table that `kubectl get` prints. */
export interface Column {
  /** Title; kubectl prints it in capitals. */
  readonly name: string
  readonly type: 'string' | 'integer'
  /** 0 is always printed, 1 only with `-o wide`. */
  readonly priority: 0 | 1
  /** What the column holds for an object. `now` is in milliseconds since the epoch. */
  cell(object: KubernetesObject, now: number): Json
}

/** The columns for the objects of a type: those of kube-apiserver, as far as we know the type. */
export function columnsOf(type: ResourceType): readonly Column[] {
  return columnsByResource[type.resource] ?? [nameColumn, createdColumn]
}

function column(name: string, cell: Column['cell'], priority: Column['priority'] = 0): Column {
  return { name, type: 'string', priority, cell }
}

function wideColumn(name: string, path: string): Column {
  return column(name, (object) => textAt(object, path) || '<none>', 1)
}

const nameColumn = column('Name', ({ metadata }) => metadata.name)
const createdColumn = column('Created At', ({ metadata }) => metadata.creationTimestamp)
const ageColumn = column('Age', ({ metadata }, now) =>
  humanDuration(now - Date.parse(metadata.creationTimestamp)),
)

const columnsByResource: Readonly<Record<string, readonly Column[]>> = {
  services: [
    nameColumn,
    column('Type', (service) => textAt(service, 'spec.type')),
    column('Cluster-IP', (service) => textAt(service, 'spec.clusterIP') || '<none>'),
    column('External-IP', externalIp),
    column('Port(s)', (service) => listed(itemsAt(service, 'spec.ports').map(portText))),
    ageColumn,
    column('Selector', (service) => pairs(service, 'spec.selector'), 1),
  ],
  pods: [
    nameColumn,
    column('Ready', (pod) => `${readyContainers(pod)}/${itemsAt(pod, 'spec.containers').length}`),
    column('Status', (pod) => textAt(pod, 'status.phase')),
    column('Restarts', (pod) => String(restarts(pod))),
    ageColumn,
    wideColumn('IP', 'status.podIP'),
    wideColumn('Node', 'spec.nodeName'),
    wideColumn('Nominated Node', 'status.nominatedNodeName'),
    column('Readiness Gates', () => '<none>', 1),
  ],
  namespaces: [nameColumn, column('Status', (one) => textAt(one, 'status.phase')), ageColumn],
  configmaps: [nameColumn, { ...column('Data', dataEntries), type: 'integer' }, ageColumn],
  deployments: [
    nameColumn,
    column('Ready', (one) => `${numberAt(one, 'status.readyReplicas')}/${replicas(one)}`),
    { ...column('Up-to-date', (one) => numberAt(one, 'status.updatedReplicas')), type: 'integer' },
    { ...column('Available', (one) => numberAt(one, 'status.availableReplicas')), type: 'integer' },
    ageColumn,
    column('Selector', (deployment) => pairs(deployment, 'spec.selector.matchLabels'), 1),
  ],
}

function externalIp(service: KubernetesObject): string {
  const type = textAt(service, 'spec.type')
  if (type === 'ExternalName') return textAt(service, 'spec.externalName')
  const balancers = itemsAt(service, 'status.loadBalancer.ingress')
  const ips = [
    ...balancers.map((balancer) => textAt(balancer, 'ip') || textAt(balancer, 'hostname')),
    ...itemsAt(service, 'spec.externalIPs').map(String),
  ]
  return ips.length === 0 && type === 'LoadBalancer' ? '<pending>' : listed(ips)
}

function portText(port: Json): string {
  const node = numberAt(port, 'nodePort')
  const protocol = textAt(port, 'protocol') || 'TCP'
  return `${numberAt(port, 'port')}${node === 0 ? '' : `:${node}`}/${protocol}`
}

function readyContainers(pod: KubernetesObject): number {
  const containers = itemsAt(pod, 'status.containerStatuses')
  return containers.filter((container) => valueAt(container, 'ready') === true).length
}

function restarts(pod: KubernetesObject): number {
  const containers = itemsAt(pod, 'status.containerStatuses')
  return containers.reduce<number>((sum, one) => sum + numberAt(one, 'restartCount'), 0)
}

/** One, when the deployment does not say. */
function replicas(deployment: KubernetesObject): number {
  const wanted = valueAt(deployment, 'spec.replicas')
  return typeof wanted === 'number' ? wanted : 1
}

function dataEntries({ data, binaryData }: KubernetesObject): number {
  return [data, binaryData]
    .filter(isJsonObject)
    .reduce((sum, entries) => sum + Object.keys(entries).length, 0)
}

function pairs(object: KubernetesObject, path: string): string {
  return listed(textPairsAt(object, path).map(([key, value]) => `${key}=${value}`))
}

function listed(texts: readonly string[]): string {
  return texts.length === 0 ? '<none>' : texts.join(',')
}
