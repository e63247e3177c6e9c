import { randomBytes, randomInt } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Json } from '../../world/api/json.ts'
import { type ApiClient, ApiError } from '../api-client.ts'
import type { Cluster } from '../cluster.ts'
import { followList } from '../follow-list.ts'
import { createNode } from '../nodes.ts'
import { startLogServer } from './log-server.ts'
import { ownTaint, sendPods } from './placement.ts'
import { type PodFacts, podFacts } from './pod-facts.ts'
import { type RunningPod, runPod } from './running-pod.ts'

/** A node of its own that runs the pods of a namespace as processes of the built gateway. */
export interface Kubelet {
  /** Name of the node. */
  readonly node: string
  /** The pods that run now, and those that are ending. */
  pods(): readonly RunningPod[]
  /** Ends all processes at once, and the node. */
  stop(): Promise<void>
}

/**
 * Starts a small kubelet. It needs Linux, where all of 127.0.0.0/8 is this computer.
 *
 * @param namespace whose pods it runs; it need not be there yet
 */
export async function startKubelet(cluster: Cluster, namespace: string): Promise<Kubelet> {
  const { api, folder, server } = cluster
  const node = `kubelet-${randomBytes(4).toString('hex')}`
  const running = new Map<string, RunningPod>()
  const ending = new Set<string>()
  const nextAddress = addresses()

  const logs = await startLogServer(folder, (place, name) => {
    const pods = [...running.values()]
    return pods.find(({ facts }) => facts.namespace === place && facts.name === name)?.log
  })
  await createNode(api, { name: node, kubeletPort: logs.port, taints: [ownTaint(node)] })
  const recall = await sendPods(api, namespace, node)

  async function end(pod: RunningPod, graceSeconds: number): Promise<void> {
    const { uid } = pod.facts
    if (ending.has(uid)) return
    ending.add(uid)
    await pod.end(graceSeconds)
    await removeObject(api, pod.facts)
    running.delete(uid)
    ending.delete(uid)
    rmSync(rootOf(pod.facts), { recursive: true, force: true, maxRetries: 5 })
  }

  const rootOf = ({ uid }: PodFacts): string => join(folder, 'pods', uid)

  const list = followList(api, podsOf(node), (objects: readonly Json[]) => {
    const wanted = new Map(objects.map(podFacts).map((facts) => [facts.uid, facts]))
    for (const [uid, facts] of wanted) {
      const pod = running.get(uid)
      if (pod === undefined && facts.endsWithin === undefined) {
        const place = { root: rootOf(facts), address: nextAddress(), server }
        running.set(uid, runPod(api, facts, place))
      } else if (pod === undefined) void removeObject(api, facts)
      else if (facts.endsWithin !== undefined) void end(pod, facts.endsWithin)
    }
    for (const [uid, pod] of running) if (!wanted.has(uid)) void end(pod, 0)
  })

  return {
    node,
    pods: () => [...running.values()],
    async stop() {
      list.stop()
      await Promise.all([...running.values()].map((pod) => pod.end(0)))
      await recall()
      await api.remove(`/api/v1/nodes/${node}`)
      await logs.stop()
    },
  }
}

function podsOf(node: string): string {
  return `/api/v1/pods?fieldSelector=spec.nodeName%3D${node}`
}

/** Each pod has an address of its own, in a network that no other kubelet is likely to have. */
function addresses(): () => string {
  const network = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`
  let count = 0
  return () => {
    count += 1
    return `${network}.${count}`
  }
}

/** Nobody but the kubelet removes the object of a pod that has run. */
async function removeObject(api: ApiClient, { namespace, name, uid }: PodFacts): Promise<void> {
  for (;;) {
    try {
      await api.remove(`/api/v1/namespaces/${namespace}/pods/${name}`, {
        gracePeriodSeconds: 0,
        preconditions: { uid },
      })
      return
    } catch (error) {
      // Gone already, or another one of the same name.
      if (error instanceof ApiError && [404, 409].includes(error.status)) return
      await sleep(200)
    }
  }
}
