import { expect, test } from 'vitest'
import { type Right, ruleLines, rulesOf } from './right.ts'

function right(verb: string, group: string, resource: string): Right {
  return { kind: 'resource', verb, group, resource }
}

test('rights become as few rules as say the same', () => {
  const rights: readonly Right[] = [
    right('get', '', 'pods'),
    right('list', '', 'pods'),
    right('get', '', 'services'),
    right('list', '', 'services'),
    right('get', 'apps', 'deployments'),
    { kind: 'path', verb: 'get', path: '*' },
    { kind: 'path', verb: 'head', path: '*' },
  ]
  expect(ruleLines(rights)).toEqual([
    '- apiGroups: [""]',
    '  resources: ["pods", "services"]',
    '  verbs: ["get", "list"]',
    '- apiGroups: ["apps"]',
    '  resources: ["deployments"]',
    '  verbs: ["get"]',
    '- nonResourceURLs: ["*"]',
    '  verbs: ["get", "head"]',
  ])
})

test('different verbs of one group stay apart: a rule would grant more', () => {
  expect(ruleLines([right('get', '', 'pods'), right('list', '', 'services')])).toEqual([
    '- apiGroups: [""]',
    '  resources: ["pods"]',
    '  verbs: ["get"]',
    '- apiGroups: [""]',
    '  resources: ["services"]',
    '  verbs: ["list"]',
  ])
})

test('a right to one object stays apart from the same right to all', () => {
  const one = { ...right('patch', '', 'secrets'), name: 'mine' }
  expect(rulesOf([one, right('patch', '', 'configmaps')])).toEqual([
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['mine'], verbs: ['patch'] },
    { apiGroups: [''], resources: ['configmaps'], verbs: ['patch'] },
  ])
})
