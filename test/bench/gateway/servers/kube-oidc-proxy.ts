import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeAccess } from '../../../cluster/kubeconfig.ts'
import { quietPort } from '../../../cluster/quiet-port.ts'
import { type Program, programVersion } from '../../report/index.ts'
import type { Upstream } from './gateway.ts'
import { type Running, startServer } from './running.ts'
import type { Stage } from './stage.ts'

/** Path of kube-oidc-proxy, which its user has built. */
export const kubeOidcProxyPath: string | undefined = process.env.KUBE_OIDC_PROXY

/** It among the programs that take part, when it does. */
export function kubeOidcProxyProgram(): Program[] {
  return kubeOidcProxyPath
    ? [programVersion('kube-oidc-proxy', kubeOidcProxyPath, ['--version'])]
    : []
}

/** Starts kube-oidc-proxy in front of an API server, for the tokens that the gateway takes. */
export async function startKubeOidcProxy(stage: Stage, upstream: Upstream): Promise<Running> {
  if (kubeOidcProxyPath === undefined) throw new Error('there is no kube-oidc-proxy')
  const port = await quietPort()
  const probePort = await quietPort()
  const kubeconfig = join(stage.folder, 'kube-oidc-proxy.kubeconfig')
  writeAccess(kubeconfig, {
    server: `https://127.0.0.1:${upstream.port}`,
    caPem: readFileSync(upstream.caFile, 'utf8'),
    token: readFileSync(upstream.tokenFile, 'utf8'),
  })
  const args = [
    `--kubeconfig=${kubeconfig}`,
    `--oidc-issuer-url=${stage.issuer}`,
    '--oidc-client-id=kubernetes',
    `--oidc-ca-file=${stage.caFile}`,
    '--oidc-signing-algs=ES256',
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--readiness-probe-port=${probePort}`,
    `--tls-cert-file=${stage.certFile}`,
    `--tls-private-key-file=${stage.keyFile}`,
  ]
  const log = join(stage.folder, 'kube-oidc-proxy.log')
  return await startServer(
    { name: 'kube-oidc-proxy', command: kubeOidcProxyPath, args, log },
    async () => ((await isReady(probePort)) ? port : undefined),
  )
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/ready`)).ok
  } catch {
    return false
  }
}
