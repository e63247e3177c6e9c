import type { ApiClient } from './api-client.ts'

/** A node: nobody looks after its health, so it is ready from the beginning. */
export interface NodeFacts {
  readonly name: string
  /** TCP port of 127.0.0.1 where its kubelet answers; none for a node without exec and logs. */
  readonly kubeletPort?: number
  readonly annotations?: Readonly<Record<string, string>>
  readonly taints?: readonly unknown[]
}

/** Makes a node that is ready. */
export async function createNode(api: ApiClient, facts: NodeFacts): Promise<void> {
  const { name, kubeletPort, annotations = {}, taints = [] } = facts
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' }
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels, annotations },
    spec: { taints },
  }
  await api.create('/api/v1/nodes', node)
  await api.update(`/api/v1/nodes/${name}/status`, { ...node, status: statusOf(name, kubeletPort) })
}

function statusOf(name: string, kubeletPort: number | undefined): object {
  const resources = { cpu: '100', memory: '100Gi', pods: '1000', 'ephemeral-storage': '100Gi' }
  return {
    conditions: [{ type: 'Ready', status: 'True', reason: 'Test', message: 'It always is.' }],
    addresses: [
      { type: 'InternalIP', address: '127.0.0.1' },
      { type: 'Hostname', address: name },
    ],
    capacity: resources,
    allocatable: resources,
    ...(kubeletPort ? { daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } } } : {}),
  }
}
