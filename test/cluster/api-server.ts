import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Signal } from '../e2e/bound-process.ts'
import { neededPrograms } from './programs.ts'
import { type Service, startService } from './service.ts'

/** How an API server is to be. */
export interface ApiServerOptions {
  /** Holds its credentials, and gets its files. */
  readonly folder: string
  /** TCP port of 127.0.0.1. */
  readonly port: number
  /** URL of etcd. */
  readonly etcd: string
  /** Whether pods must have a service account, which only controllers make. */
  readonly needsServiceAccounts: boolean
  /** An `AuthenticationConfiguration` as YAML. */
  readonly authenticationConfig?: string
  /** More flags of kube-apiserver. */
  readonly flags?: readonly string[]
  /** Whether it answers. */
  readonly isReady: () => Promise<boolean>
}

/** A kube-apiserver that can be stopped and started again at the same place. */
export interface ApiServer {
  /** Starts it and waits until it is ready. */
  start(): Promise<void>
  stop(): Promise<void>
  send(signal: Signal): void
}

/** Name of the file that holds the audit events, one a line as JSON. */
export const auditLogName = 'audit.log'

/** Name of the file that holds the AuthenticationConfiguration; kube-apiserver reads it again when it changes. */
export const authenticationConfigName = 'authentication.yaml'

/** Everything but the cluster's own bustle, when an answer begins (for a watch, or exec) and ends. */
const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    {
      level: 'None',
      users: [
        'system:apiserver',
        'system:kube-controller-manager',
        'system:kube-scheduler',
        'kwok',
      ],
    },
    { level: 'Metadata' },
  ],
}

/** A kube-apiserver that is not started yet. */
export function apiServerIn(options: ApiServerOptions): ApiServer {
  const { folder, authenticationConfig } = options
  writeFileSync(join(folder, 'audit-policy.json'), JSON.stringify(auditPolicy))
  if (authenticationConfig !== undefined) {
    writeFileSync(join(folder, authenticationConfigName), authenticationConfig)
  }
  let running: Service | undefined
  return {
    async start() {
      running = startService(neededPrograms().apiServer, flagsOf(options), folder)
      await running.until(options.isReady)
    },
    async stop() {
      await running?.stop()
    },
    send: (signal) => running?.send(signal),
  }
}

function flagsOf(options: ApiServerOptions): string[] {
  const { folder, port, etcd, needsServiceAccounts, flags = [] } = options
  const file = (name: string): string => join(folder, name)
  const authentication = file(authenticationConfigName)
  // Nobody would take the taint of a new node away: no controller looks after nodes.
  const disabled = ['TaintNodesByCondition', ...(needsServiceAccounts ? [] : ['ServiceAccount'])]
  return [
    `--etcd-servers=${etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--tls-cert-file=${file('apiserver.crt')}`,
    `--tls-private-key-file=${file('apiserver.key')}`,
    `--client-ca-file=${file('ca.crt')}`,
    '--authorization-mode=RBAC',
    `--service-account-key-file=${file('sa.pub')}`,
    `--service-account-signing-key-file=${file('sa.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-cluster-ip-range=10.0.0.0/24',
    `--kubelet-client-certificate=${file('kubelet-client.crt')}`,
    `--kubelet-client-key=${file('kubelet-client.key')}`,
    `--kubelet-certificate-authority=${file('ca.crt')}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--audit-log-path=${file(auditLogName)}`,
    `--audit-policy-file=${file('audit-policy.json')}`,
    `--disable-admission-plugins=${disabled.join(',')}`,
    '--allow-privileged=true',
    // Without it a stop waits a minute for the watches of others.
    '--shutdown-watch-termination-grace-period=1s',
    ...(existsSync(authentication) ? [`--authentication-config=${authentication}`] : []),
    ...flags,
  ]
}
