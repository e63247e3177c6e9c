import { expect, test } from 'vitest'
import { celLanguage } from '../claims/index.ts'
import { decodeFile } from '../config/index.ts'
import type { Installation } from './installation.ts'
import { installationObjects } from './installation-objects.ts'
import type { KubernetesObject } from './kubernetes-object.ts'
import { toYaml } from './yaml.ts'

function configured(
  more = '',
  mappings = '',
  issuer = 'https://sso.example.com',
): Installation['configuration'] {
  const text = `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {port: 9443, certFile: /etc/oidc-gateway/tls/tls.crt, keyFile: /etc/oidc-gateway/tls/tls.key}
${more}
---
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer: {url: '${issuer}', audiences: [kubernetes]}
  claimMappings:
    username: {claim: sub, prefix: 'oidc:'}
    ${mappings}
`
  const context = { language: celLanguage, readText: () => undefined }
  const { gateway, authentication, problems } = decodeFile('gateway.yaml', text, context)
  expect(problems).toEqual([])
  if (!gateway || !authentication) throw new Error('The configuration of the test is not whole.')
  return { text, gateway, authentication }
}

function installed(more: Partial<Installation> = {}): readonly KubernetesObject[] {
  return installationObjects({
    namespace: 'gateways',
    image: 'registry.example.com/oidc-gateway:1',
    replicas: 2,
    maxReplicas: 2,
    credential: { kind: 'token' },
    mode: 'constrained',
    configuration: configured(),
    tlsSecretName: 'serving',
    serviceType: 'LoadBalancer',
    monitoringNamespace: 'monitoring',
    wantsServiceMonitor: false,
    ...more,
  })
}

function renewed(
  approval: 'external' | 'self',
  more: Partial<Installation> = {},
): readonly KubernetesObject[] {
  const renewal = `{secret: gateways/oidc-gateway-credential, approval: ${approval}}`
  return installed({
    credential: { kind: 'certificate', isRenewed: true },
    configuration: configured(`upstream: {certFile: c, keyFile: k, renewal: ${renewal}}`),
    ...more,
  })
}

function named(
  objects: readonly KubernetesObject[],
  kind: string,
  name = /./,
): KubernetesObject | undefined {
  const found = objects.filter((one) => one.kind === kind && name.test(one.metadata.name))
  expect(found).toHaveLength(1)
  return found[0]
}

const certificate = { kind: 'certificate', isRenewed: false } as const

test('what others refer to is applied first, and everything can be found by its labels', () => {
  const objects = installed({ maxReplicas: 6, wantsServiceMonitor: true })
  expect(objects.map(({ kind }) => kind)).toEqual([
    'Namespace',
    'ServiceAccount',
    'ClusterRole',
    'ClusterRoleBinding',
    'ConfigMap',
    'NetworkPolicy',
    'Service',
    'PodDisruptionBudget',
    'Deployment',
    'HorizontalPodAutoscaler',
    'Service',
    'ServiceMonitor',
  ])
  for (const { metadata } of objects) {
    expect(metadata.labels).toMatchObject({
      'app.kubernetes.io/name': 'oidc-gateway',
      'app.kubernetes.io/managed-by': 'oidc-gateway',
    })
  }
  expect(toYaml(objects)).toBe(toYaml(installed({ maxReplicas: 6, wantsServiceMonitor: true })))
})

test('a gateway with a token is its ServiceAccount, one with a certificate a user of its own', () => {
  expect(named(installed(), 'ClusterRoleBinding')).toMatchObject({
    subjects: [{ kind: 'ServiceAccount', name: 'oidc-gateway', namespace: 'gateways' }],
  })
  expect(named(installed({ credential: certificate }), 'ClusterRoleBinding')).toMatchObject({
    subjects: [{ kind: 'User', name: 'oidc-gateway:gateways:oidc-gateway' }],
  })
})

test('two gateways of one cluster do not share what belongs to the whole cluster', () => {
  const wide = (namespace: string) =>
    renewed('external', { namespace })
      .filter(({ metadata }) => metadata.namespace === undefined)
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
  expect(wide('one').filter((name) => wide('two').includes(name))).toEqual([])
})

test('it may impersonate as its configuration needs it, and nothing else', () => {
  const configuration = configured('impersonation: {nested: review}', "uid: {claim: 'sub'}")
  const kinds = installed({ configuration }).map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind.endsWith('Role'))).toEqual(['ClusterRole'])
  expect(named(installed({ configuration, mode: 'classic' }), 'ClusterRole')).toMatchObject({
    rules: [
      { apiGroups: [''], resources: ['users', 'groups'], verbs: ['impersonate'] },
      {
        apiGroups: ['authentication.k8s.io'],
        resources: ['uids', 'userextras/oidc-gateway/original-user'],
        verbs: ['impersonate'],
      },
      {
        apiGroups: ['authorization.k8s.io'],
        resources: ['subjectaccessreviews'],
        verbs: ['create'],
      },
    ],
  })
})

test('only a gateway that renews its certificate may ask for one, and replace its own Secret', () => {
  const requests = {
    apiGroups: ['certificates.k8s.io'],
    resources: ['certificatesigningrequests'],
    verbs: ['create', 'get', 'list'],
  }
  const objects = renewed('external')
  expect(named(objects, 'ClusterRole', /:renewal$/)).toMatchObject({ rules: [requests] })
  expect(named(renewed('self'), 'ClusterRole', /:renewal$/)).toMatchObject({
    rules: [
      requests,
      {
        apiGroups: ['certificates.k8s.io'],
        resources: ['certificatesigningrequests/approval'],
        verbs: ['update'],
      },
      {
        apiGroups: ['certificates.k8s.io'],
        resources: ['signers'],
        resourceNames: ['kubernetes.io/kube-apiserver-client'],
        verbs: ['approve'],
      },
    ],
  })
  expect(named(objects, 'Role')).toMatchObject({
    rules: [
      {
        apiGroups: [''],
        resources: ['secrets'],
        resourceNames: ['oidc-gateway-credential'],
        verbs: ['get', 'patch'],
      },
    ],
  })
  const subject = { kind: 'User', name: 'oidc-gateway:gateways:oidc-gateway' }
  expect(named(objects, 'RoleBinding')).toMatchObject({ subjects: [subject] })
  expect(installed({ credential: certificate }).some(({ kind }) => kind === 'Role')).toBe(false)
})

test('the pod is given as long to end as the drain may take, and has the ports of the configuration', () => {
  const configuration = configured('operations: {drainTimeout: 90s, drainDelay: 2s, port: 9090}')
  const deployment = JSON.stringify(named(installed({ configuration }), 'Deployment'))
  expect(deployment).toContain('"terminationGracePeriodSeconds":117')
  expect(deployment).toContain('"containerPort":9443')
  expect(deployment).toContain('"containerPort":9090')
})

test('the pod gets no variables of its Service, which would be options of the program', () => {
  const deployment = named(installed(), 'Deployment')
  expect(deployment).toMatchObject({ spec: { template: { spec: { enableServiceLinks: false } } } })
})

test('the number of pods belongs to the autoscaler where there is one', () => {
  expect(named(installed(), 'Deployment')).toMatchObject({ spec: { replicas: 2 } })
  const scaled = installed({ maxReplicas: 6 })
  expect(named(scaled, 'Deployment')?.spec).not.toHaveProperty('replicas')
  expect(named(scaled, 'HorizontalPodAutoscaler')).toMatchObject({
    spec: { minReplicas: 2, maxReplicas: 6 },
  })
})

test('the autoscaler sees silent watches, which take memory and no processor', () => {
  const target = { type: 'Utilization', averageUtilization: 200 }
  expect(named(installed({ maxReplicas: 6 }), 'HorizontalPodAutoscaler')).toMatchObject({
    spec: {
      metrics: [{ resource: { name: 'cpu', target } }, { resource: { name: 'memory', target } }],
    },
  })
})

test('the operations port is for the namespace of the monitoring, and goes out by no Service', () => {
  const objects = installed({ monitoringNamespace: 'prometheus' })
  expect(named(objects, 'NetworkPolicy')).toMatchObject({
    spec: {
      ingress: [
        { ports: [{ port: 9443 }] },
        {
          from: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'prometheus' } },
            },
          ],
          ports: [{ port: 8080 }],
        },
      ],
    },
  })
  expect(named(objects, 'Service')).toMatchObject({ spec: { ports: [{ targetPort: 'https' }] } })
})

test('a provider at another port can be reached', () => {
  const configuration = configured('', '', 'https://sso.example.com:8444/realms/demo')
  const policy = JSON.stringify(named(installed({ configuration }), 'NetworkPolicy'))
  expect(policy).toContain('"port":8444')
})

test('what a YAML 1.1 reader takes for something else is quoted', () => {
  const labels = { a: 'yes', b: '0o17', c: '1_000', d: '12:30', e: '1e3' }
  const text = toYaml([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'on', labels } }])
  expect(text).toBe(`apiVersion: v1
kind: ConfigMap
metadata:
  name: "on"
  labels:
    a: "yes"
    b: "0o17"
    c: "1_000"
    d: "12:30"
    e: "1e3"
`)
})
