import { expect, test } from 'vitest'
import type { KubernetesObject } from './object.ts'
import { resourceTypes } from './resources.ts'
import { parseSelectors } from './selectors.ts'
import { StatusError } from './status.ts'

const pod: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web',
    namespace: 'default',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: 'web', 'example.com/tier': 'front' },
  },
  status: { phase: 'Running' },
}

function selects(parameter: string, selector: string): boolean {
  const [type] = resourceTypes.filter(({ kind }) => kind === 'Pod')
  if (!type) throw new Error('there is no such type')
  return parseSelectors(type, new URLSearchParams({ [parameter]: selector }))(pod)
}

test.each([
  '',
  'app=web',
  'app==web',
  'app!=other',
  'absent!=web',
  'app',
  '!absent',
  'app in (web, other)',
  'app notin (other)',
  'app=web,example.com/tier in (front,back)',
])('the label selector "%s" selects the pod', (selector) => {
  expect(selects('labelSelector', selector)).toBe(true)
})

test.each([
  'app=other',
  'app!=web',
  '!app',
  'absent',
  'app in (other)',
  'app notin (web)',
  'app=web,x',
])('the label selector "%s" does not select the pod', (selector) => {
  expect(selects('labelSelector', selector)).toBe(false)
})

test.each([
  ['metadata.name=web', true],
  ['metadata.name==web,status.phase=Running', true],
  ['metadata.namespace!=default', false],
  ['status.phase!=Running', false],
])('the field selector "%s" selects the pod: %s', (selector, expected) => {
  expect(selects('fieldSelector', selector)).toBe(expected)
})

test.each([
  ['labelSelector', 'a=b=c'],
  ['labelSelector', 'in (a)'],
  ['fieldSelector', 'metadata.name'],
  ['fieldSelector', 'spec.secret=1'],
])('the malformed or unsupported %s "%s" is refused', (parameter, selector) => {
  expect(() => selects(parameter, selector)).toThrow(StatusError)
})
