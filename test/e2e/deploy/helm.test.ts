import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { type Choices, chartOf, manifestsOf, template } from './render.ts'

/** `<folder>/<version>/helm`; without it the tests are skipped. */
const folder = process.env.HELM_VERSIONS ?? ''
const versions = existsSync(folder) ? readdirSync(folder) : ['of every version']

const extra = [{ key: 'example.com/team', valueExpression: 'claims.team' }]
const all = { uid: { claim: 'sub' }, extra }

const cases: readonly (readonly [what: string, choices: Choices])[] = [
  ['a token and constrained rights', { credential: 'token', mode: 'constrained' }],
  ['a certificate and classic rights', { credential: 'certificate', mode: 'classic' }],
  [
    'uids, in another namespace',
    { credential: 'token', mode: 'classic', mappings: { uid: all.uid }, namespace: 'sso' },
  ],
  [
    'extras, and ports of its own',
    {
      credential: 'certificate',
      mode: 'constrained',
      mappings: { extra },
      provider: 'sso.example.com:8444',
      gateway: {
        listen: { port: 9443 },
        operations: { port: 9090, drainTimeout: '1h30m', drainDelay: '500ms' },
        impersonation: { sendCredentialId: true, reservedUsers: ['root'] },
        upstream: { renewal: { approval: 'self', validity: '24h' } },
      },
    },
  ],
  [
    'everything, without an autoscaler',
    {
      credential: 'token',
      mode: 'constrained',
      mappings: all,
      gateway: { impersonation: { nested: 'review', sendCredentialId: true } },
      replicas: 3,
      maxReplicas: 3,
      serviceType: 'ClusterIP',
      serviceMonitor: true,
    },
  ],
  [
    'everything, by classic rights',
    {
      credential: 'token',
      mode: 'classic',
      mappings: all,
      gateway: {
        impersonation: { nested: 'review' },
        upstream: { server: 'https://10.0.0.1:7443' },
      },
    },
  ],
]

describe.skipIf(!folder)('the Helm chart', () => {
  describe.each(versions)('by Helm %s', (version) => {
    const helm = join(folder, version, 'helm')

    test.each(cases)('gives what "manifests" prints: %s', async (_, choices) => {
      const [chart, manifests] = await Promise.all([chartOf(helm, choices), manifestsOf(choices)])
      expect(objectsOf(chart)).toEqual(objectsOf(manifests))
      expect(rulesOf(chart)).toEqual(rulesOf(manifests))
      expect(rulesOf(chart).length).toBeGreaterThan(0)
    })
  })

  const helm = join(folder, versions.at(-1) ?? '', 'helm')

  test.each([
    ['1.35.9', 'impersonate'],
    ['1.36.0-rc.1', 'impersonate:user-info'],
    ['v1.36.2-gke.1', 'impersonate:user-info'],
  ])('asks for what Kubernetes %s knows: %s', async (kubernetes, verb) => {
    const options = [
      '--set=impersonation=auto',
      `--kube-version=${kubernetes}`,
      '--api-versions=apiregistration.k8s.io/v1',
    ]
    const choices = { credential: 'token', mode: 'classic' } as const
    const [rules] = rulesOf(await chartOf(helm, choices, ...options))
    expect(rules).toContain(`      - ${verb}\n`)
  })

  test('refuses to guess the rights where no cluster is asked', async () => {
    const choices = { credential: 'token', mode: 'classic' } as const
    const rendering = chartOf(helm, choices, '--set=impersonation=auto', '--kube-version=1.37.0')
    await expect(rendering).rejects.toThrow('"auto" asks the cluster, and there is none here')
  })

  test.each([
    ['no image', ['--set-json=authentication={"jwt":[{"issuer":{},"claimMappings":{}}]}'], 'image'],
    ['no provider', ['--set=image=a'], 'jwt'],
    ['a value that does not exist', ['--set=image=a,credentials=token'], 'credentials'],
    ['a mode that does not exist', ['--set=image=a,impersonation=clasic'], 'impersonation'],
    ['a field that does not exist', ['--set=image=a,gateway.audits.sink=none'], 'audits'],
  ])('refuses %s', async (_, options, word) => {
    await expect(template(helm, ...options)).rejects.toThrow(word)
  })
})

/** Objects by kind and name, without what only one of the two can know. */
function objectsOf(text: string): Readonly<Record<string, unknown>> {
  const objects = parseAllDocuments(text).map((document) => Object(document.toJS()))
  return Object.fromEntries(
    objects
      .filter(({ kind }) => kind !== undefined && kind !== 'Namespace')
      .map((object) => [`${object.kind} ${object.metadata.name}`, comparable(object)]),
  )
}

function comparable(object: unknown): unknown {
  return JSON.parse(JSON.stringify(object), (key, value) => {
    if (key === 'app.kubernetes.io/managed-by') return undefined
    if (key === 'gateway.yaml') return parseAllDocuments(value).map((document) => document.toJS())
    return value
  })
}

/** The text of the rules of each role. */
function rulesOf(text: string): readonly string[] {
  return [...text.matchAll(/^rules:\n(?: .*\n)+/gm)].map(([rules]) => rules).sort()
}
