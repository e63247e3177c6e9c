import { randomBytes } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Json } from '../world/api/json.ts'
import { authorityOf, type KeyAndCertificate } from '../world/certificates.ts'
import { type ApiClient, apiClient } from './api-client.ts'
import { auditLogName } from './api-server.ts'
import { applyYaml } from './apply.ts'
import { type AuditQuestion, auditEvents } from './audit.ts'
import { logLine, podLogName } from './fake-nodes.ts'
import { type Access, writeAccess } from './kubeconfig.ts'

/** Where a running cluster is; all else is in its folder. */
export interface ClusterFacts {
  /** `https://127.0.0.1:<port>`. */
  readonly server: string
  readonly folder: string
  /** Whether service accounts, Deployments and certificate requests are looked after. */
  readonly hasControllers: boolean
}

/** Who a kubeconfig is for. */
export interface UserFacts {
  /** Name of the user: the common name of the certificate. */
  readonly name: string
  /** Groups: the organizations of the certificate. */
  readonly groups?: readonly string[]
  readonly namespace?: string
}

/** A running cluster, in the hands of somebody who may do everything. */
export interface Cluster extends ClusterFacts {
  /** Certificate of the authority that vouches for the API server. */
  readonly caPem: string
  /** Path of a kubeconfig whose user is in `system:masters`. */
  readonly adminKubeconfig: string
  /** Asks the API server as the administrator. */
  readonly api: ApiClient
  /** Issues a client certificate. */
  certify(user: Omit<UserFacts, 'namespace'>): Promise<KeyAndCertificate>
  /** Issues a client certificate and writes a kubeconfig with it. @returns its path */
  asUser(user: UserFacts): Promise<string>
  /** Writes a kubeconfig for another way in: a token, a gateway. @returns its path */
  kubeconfig(access: Partial<Access>): string
  /** Applies YAML documents in their order. @returns the objects as they are now */
  apply(yaml: string, namespace?: string): Promise<readonly Json[]>
  /**
   * Makes a namespace that no other test has, with what controllers put into it. Nobody removes it: it
   * ends with the cluster.
   */
  newNamespace(): Promise<string>
  /** Waits for audit events of the API server. */
  auditEvents(question: AuditQuestion): Promise<readonly Json[]>
  /** Adds a line to the log of the fake pods, all of which have the same. */
  writeLog(text: string): void
}

/** Takes a running cluster into its hands; several processes may do so. */
export function clusterAt(facts: ClusterFacts): Cluster {
  const { server, folder } = facts
  const file = (name: string): string => join(folder, name)
  const read = (name: string): string => readFileSync(file(name), 'utf8')
  const caPem = read('ca.crt')
  const certificate = { certPem: read('admin.crt'), keyPem: read('admin.key') }
  const api = apiClient({ server, caPem, certificate })
  const kubeconfig = (access: Partial<Access>): string => {
    const path = file(`user-${randomBytes(6).toString('hex')}.kubeconfig`)
    writeAccess(path, { server, caPem, ...access })
    return path
  }
  const certify: Cluster['certify'] = async ({ name, groups = [] }) => {
    const authority = await authorityOf({ certPem: caPem, keyPem: read('ca.key') })
    return await authority.issue({ commonName: name, organizations: groups, client: true })
  }
  return {
    ...facts,
    caPem,
    adminKubeconfig: file('admin.kubeconfig'),
    api,
    kubeconfig,
    certify,
    asUser: async ({ namespace = 'default', ...user }) =>
      kubeconfig({ certificate: await certify(user), namespace }),
    apply: async (yaml, namespace) => await applyYaml(api, yaml, namespace),
    async newNamespace() {
      const name = `test-${randomBytes(5).toString('hex')}`
      await api.create('/api/v1/namespaces', namespaceObject(name))
      if (facts.hasControllers) await furnished(api, name)
      return name
    },
    auditEvents: async (question) => await auditEvents(file(auditLogName), question),
    writeLog: (text) => appendFileSync(file(podLogName), logLine(text)),
  }
}

function namespaceObject(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
}

/** Waits until controllers have put into a namespace what pods need. */
export async function furnished(api: ApiClient, namespace: string): Promise<void> {
  const below = `/api/v1/namespaces/${namespace}`
  const things = [`${below}/serviceaccounts/default`, `${below}/configmaps/kube-root-ca.crt`]
  for (const thing of things) {
    while (!(await api.exists(thing))) await sleep(50)
  }
}
