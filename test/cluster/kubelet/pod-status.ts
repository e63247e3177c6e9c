import type { PodFacts } from './pod-facts.ts'

/** How a pod is. */
export type PodState =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly kind: 'running'; readonly isReady: boolean; readonly startedAt: string }

/** The status of a pod as kubelet reports it. */
export function podStatus(
  { container: { name, image } }: PodFacts,
  address: string,
  state: PodState,
  restartCount: number,
): object {
  const isReady = state.kind === 'running' && state.isReady
  const conditions = {
    PodScheduled: true,
    Initialized: true,
    ContainersReady: isReady,
    Ready: isReady,
  }
  return {
    phase: state.kind === 'running' || restartCount > 0 ? 'Running' : 'Pending',
    hostIP: '127.0.0.1',
    podIP: address,
    podIPs: [{ ip: address }],
    conditions: Object.entries(conditions).map(([type, is]) => ({
      type,
      status: is ? 'True' : 'False',
      lastTransitionTime: new Date().toISOString(),
    })),
    containerStatuses: [
      {
        name,
        image,
        imageID: '',
        ready: isReady,
        started: state.kind === 'running',
        restartCount,
        state: stateOf(state),
      },
    ],
  }
}

function stateOf(state: PodState): object {
  if (state.kind === 'running') return { running: { startedAt: state.startedAt } }
  const { reason, message } = state
  return { waiting: { reason, message } }
}
