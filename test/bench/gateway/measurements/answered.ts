import { startGateway } from '../servers/gateway.ts'
import { startKubeOidcProxy } from '../servers/kube-oidc-proxy.ts'
import { startAnswering, startPlainProxy } from '../servers/nginx.ts'
import type { Running } from '../servers/running.ts'
import type { Stage } from '../servers/stage.ts'

/** nginx as the stand-in for an API server, and who forwards to it. */
export interface Answered {
  readonly answering: Running
  readonly plainProxy: Running
  readonly gateway: Running
  /** Starts a gateway with a worker for each core. */
  startCrew(): Promise<Running>
  /** Starts kube-oidc-proxy. */
  startRival(): Promise<Running>
}

/** Starts them. @throws CannotMeasure without nginx */
export async function startAnswered(stage: Stage): Promise<Answered> {
  const answering = stage.during(await startAnswering(stage))
  const { caFile } = stage
  const upstream = { port: answering.port, caFile, tokenFile: stage.write('token', 'a-token') }
  return {
    answering,
    plainProxy: stage.during(await startPlainProxy(stage, answering.port)),
    gateway: stage.during(await startGateway(stage, upstream)),
    startCrew: async () => stage.during(await startGateway(stage, upstream, 'workers: auto')),
    startRival: async () => stage.during(await startKubeOidcProxy(stage, upstream)),
  }
}
