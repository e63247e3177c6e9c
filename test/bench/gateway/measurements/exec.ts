import { setTimeout as sleep } from 'node:timers/promises'
import { findKubectl } from '../../../../tools/e2e/kubectl.ts'
import { CannotMeasure, type Figure, type Measurement } from '../../report/index.ts'
import { type Contestant, inTurn } from '../contest.ts'
import { startGateway } from '../servers/gateway.ts'
import { type RealApiServer, startRealApiServer } from '../servers/real-api-server.ts'
import type { Running } from '../servers/running.ts'
import { onStage, type Stage } from '../servers/stage.ts'
import { type Direction, kubectlExec } from '../traffic/kubectl-exec.ts'
import type { Flow } from '../traffic/tunnel.ts'
import { bareTunnels, flows } from './tunnels.ts'

/** By whom a kubectl goes. */
interface Way {
  readonly server: Running
  readonly kubeconfig: string
}

const pod = 'bench'
const megabytes = 200
const rounds = 3

/** What `kubectl exec` and `kubectl cp` bring, through the gateway and directly. */
export const exec: Measurement = {
  name: 'throughput of kubectl exec at a real kube-apiserver, directly and through the gateway',
  goals: ['exec-throughput'],
  measure: async () => await onStage(measure),
}

async function measure(stage: Stage): Promise<Figure[]> {
  const kubectl = findKubectl()
  if (kubectl.kind === 'missing') throw new CannotMeasure(`needs kubectl: ${kubectl.reason}`)
  const apiServer = await startRealApiServer(stage)
  const gateway = stage.during(await startGateway(stage, apiServer.forGateway))
  await runPod(apiServer)
  const token = await stage.sign()
  const direct: Way = { server: apiServer, kubeconfig: apiServer.cluster.kubeconfig({ token }) }
  const through: Way = {
    server: gateway,
    kubeconfig: apiServer.cluster.kubeconfig({
      server: `https://localhost:${gateway.port}`,
      caPem: stage.caPem,
      token,
    }),
  }
  const moving = (
    name: string,
    { server, kubeconfig }: Way,
    direction: Direction,
  ): Contestant<Flow> => ({
    name: `${name}, ${direction}`,
    lap: async () =>
      await kubectlExec(server, { kubectl: kubectl.path, kubeconfig, pod, direction, megabytes }),
  })
  const ours = moving('gateway', through, 'from the pod')
  const theirs = moving('directly', direct, 'from the pod')
  const others = [
    moving('gateway', through, 'to the pod'),
    moving('directly', direct, 'to the pod'),
  ]
  const lapsOf = await inTurn([ours, theirs, ...others], rounds)
  return [
    {
      kind: 'measured',
      goal: 'exec-throughput',
      ours: flows(lapsOf(ours)),
      rival: flows(lapsOf(theirs)),
      more: [
        ...others.map((one) => ({ ...flows(lapsOf(one)), standsAlone: true })),
        ...(await bareTunnels(stage, rounds)),
      ],
      setting: `${rounds} rounds of ${megabytes} MB each way, by WebSocket; a bare tunnel has ends in processes of their own that do nothing else. Processor time is for a megabyte: of the gateway, of nginx, and of whoever sends when there is neither.`,
    },
  ]
}

/** A pod whose commands run on this computer. */
async function runPod({ cluster: { api } }: RealApiServer): Promise<void> {
  const pods = '/api/v1/namespaces/default/pods'
  await api.create(pods, {
    metadata: { name: pod },
    spec: { nodeName: 'fake', containers: [{ name: pod, image: 'none' }] },
  })
  const phase = async (): Promise<string> => Object(await api.get(`${pods}/${pod}`)).status?.phase
  while ((await phase()) !== 'Running') await sleep(50)
}
