import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeKnown, podReady, podRemoved } from './fake-pod-stages.ts'
import { neededPrograms } from './programs.ts'
import { type Service, startService } from './service.ts'

/** Marks the nodes whose kubelet kwok plays. */
export const fakeNodeAnnotation = { 'kwok.x-k8s.io/node': 'fake' } as const

/** Name of the file that fake pods log to; its lines have the format of CRI. */
export const podLogName = 'pod.log'

/** How fake pods behave. */
export interface FakePods {
  /** Port of 127.0.0.1 where the kubelet of all fake nodes answers. */
  readonly kubeletPort: number
  /** Port of 127.0.0.1 that is behind every port of every fake pod. */
  readonly targetPort: number
}

/** kwok never ends the input of a command: `tar` of `kubectl cp` must not wait for the rest of a record. */
const tarOptions = { name: 'TAR_OPTIONS', value: '--blocking-factor=1' } as const

/** Starts kwok: whatever pod is bound to a fake node runs at once, and nothing of it is real. */
export function startKwok(folder: string, { kubeletPort, targetPort }: FakePods): Service {
  const file = (name: string): string => join(folder, name)
  writeFileSync(file(podLogName), logLine('ready'), { flag: 'a' })
  writeFileSync(
    file('kwok.yaml'),
    [
      // exec runs the command on this computer, as whoever runs the test. Its exit code gets lost.
      kwokObject('ClusterExec', { execs: [{ local: { workDir: folder, envs: [tarOptions] } }] }),
      kwokObject('ClusterLogs', { logs: [{ logsFile: file(podLogName), follow: true }] }),
      kwokObject('ClusterAttach', { attaches: [{ logsFile: file(podLogName) }] }),
      kwokObject('ClusterPortForward', {
        forwards: [{ target: { address: '127.0.0.1', port: targetPort } }],
      }),
      kwokObject('Stage', nodeKnown),
      kwokObject('Stage', podReady),
      kwokObject('Stage', podRemoved),
    ].join('\n---\n'),
  )
  const [[key, value] = []] = Object.entries(fakeNodeAnnotation)
  return startService(
    neededPrograms().kwok,
    [
      `--kubeconfig=${file('kwok.kubeconfig')}`,
      `--config=${file('kwok.yaml')}`,
      `--manage-nodes-with-annotation-selector=${key}=${value}`,
      '--node-ip=127.0.0.1',
      `--node-port=${kubeletPort}`,
      `--server-address=127.0.0.1:${kubeletPort}`,
      `--tls-cert-file=${file('kubelet.crt')}`,
      `--tls-private-key-file=${file('kubelet.key')}`,
    ],
    folder,
  )
}

/** A line of a log as a container runtime writes it (kubelet-cri-logging.md of Kubernetes). */
export function logLine(text: string): string {
  return `${new Date().toISOString()} stdout F ${text}\n`
}

let count = 0

function kwokObject(kind: string, spec: object): string {
  count += 1
  const metadata = { name: `${kind.toLowerCase()}-${count}` }
  return JSON.stringify({ apiVersion: 'kwok.x-k8s.io/v1alpha1', kind, metadata, spec })
}
