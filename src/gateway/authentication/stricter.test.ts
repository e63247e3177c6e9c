import { expect, test } from 'vitest'
import { stricterThanKubeApiserver } from './index.ts'

test('each difference to kube-apiserver names its rule and its reason', () => {
  for (const { rule, refused, because } of stricterThanKubeApiserver) {
    expect(rule).toMatch(/^[A-H]\d+$/)
    expect(refused).not.toBe('')
    expect(because).not.toBe('')
  }
  const rules = stricterThanKubeApiserver.map(({ rule }) => rule)
  expect(new Set(rules).size).toBe(rules.length)
})
