import { join } from 'node:path'
import { neededPrograms } from './programs.ts'
import { type Service, startService } from './service.ts'

/**
 * What a Deployment, a ServiceAccount, a certificate request, the role `admin` and a namespace need. There
 * are no EndpointSlices: those must not hold addresses in 127.0.0.0/8, where our pods are.
 */
const controllers = [
  'certificatesigningrequest-signing-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'root-ca-certificate-publisher-controller',
  'deployment-controller',
  'replicaset-controller',
  'disruption-controller',
  'clusterrole-aggregation-controller',
  'namespace-controller',
  'garbage-collector-controller',
] as const

/** Starts kube-controller-manager and kube-scheduler; neither listens anywhere. */
export function startControllers(folder: string): readonly Service[] {
  const file = (name: string): string => join(folder, name)
  const { controllerManager, scheduler } = neededPrograms()
  const common = ['--leader-elect=false', '--secure-port=0']
  return [
    startService(
      controllerManager,
      [
        ...common,
        `--kubeconfig=${file('controller-manager.kubeconfig')}`,
        `--controllers=${controllers.join(',')}`,
        `--cluster-signing-cert-file=${file('ca.crt')}`,
        `--cluster-signing-key-file=${file('ca.key')}`,
        `--service-account-private-key-file=${file('sa.key')}`,
        `--root-ca-file=${file('ca.crt')}`,
      ],
      folder,
    ),
    startService(scheduler, [...common, `--kubeconfig=${file('scheduler.kubeconfig')}`], folder),
  ]
}
