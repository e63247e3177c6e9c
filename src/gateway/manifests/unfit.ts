import type { GatewayConfiguration } from '../config/index.ts'

/**
 * What of a configuration cannot be in a pod with a read-only root file system.
 *
 * @returns whole sentences, each with its remedy; empty when all is well
 */
export function unfitForPod({ listen, operations, audit }: GatewayConfiguration): string[] {
  const places = { listen, operations }
  return [
    ...Object.entries(places).flatMap(([field, { host, port }]) => [
      ...(isLoopback(host)
        ? [`${field}.host: at ${host} nobody can reach a pod. Leave it out.`]
        : []),
      ...(port === 0 ? [`${field}.port: a Service needs a port that is known. Leave it out.`] : []),
    ]),
    ...(typeof audit.sink === 'object'
      ? ['audit.sink: the pod has no folder to write to. Use "stdout", which kubelet keeps.']
      : []),
  ]
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
