import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from '../api-client.ts'

const policies = '/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies'
const bindings = '/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicybindings'

/** Keeps everybody's pods away from a node who is not sent there. */
export function ownTaint(node: string): object {
  return { key: 'test/kubelet', value: node, effect: 'NoSchedule' }
}

/**
 * Sends all pods of a namespace to a node, by a policy: the namespace need not be there yet, and no
 * object of it is changed by us.
 *
 * @returns what takes the policy away
 */
export async function sendPods(
  api: ApiClient,
  namespace: string,
  node: string,
): Promise<() => Promise<void>> {
  await api.create(policies, policy(namespace, node))
  await api.create(bindings, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicyBinding',
    metadata: { name: node },
    spec: { policyName: node },
  })
  while (!(await isInForce(api, node))) await sleep(100)
  return async () => {
    await api.remove(`${bindings}/${node}`)
    await api.remove(`${policies}/${node}`)
  }
}

function policy(namespace: string, node: string): object {
  const toleration = `Object.spec.tolerations{key: "test/kubelet", operator: "Exists"}`
  const path = `has(object.spec.tolerations) ? "/spec/tolerations/-" : "/spec/tolerations"`
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicy',
    metadata: { name: node },
    spec: {
      failurePolicy: 'Fail',
      reinvocationPolicy: 'Never',
      matchConstraints: {
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] },
        ],
      },
      matchConditions: [
        {
          name: 'ours',
          expression: `request.namespace == "${namespace}" || object.metadata.name == "${node}"`,
        },
      ],
      mutations: [
        {
          patchType: 'JSONPatch',
          jsonPatch: {
            expression: `[
              JSONPatch{op: "add", path: "/spec/nodeSelector", value: {"kubernetes.io/hostname": "${node}"}},
              JSONPatch{op: "add", path: ${path}, value: has(object.spec.tolerations) ? dyn(${toleration}) : dyn([${toleration}])}
            ]`,
          },
        },
      ],
    },
  }
}

/** Policies come into force a moment after they are made. A pod that is not kept tells. */
async function isInForce(api: ApiClient, node: string): Promise<boolean> {
  const pod = await api.create('/api/v1/namespaces/default/pods?dryRun=All', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: node },
    spec: { containers: [{ name: 'none', image: 'none' }] },
  })
  return JSON.stringify(pod).includes(`"kubernetes.io/hostname":"${node}"`)
}
