import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { nodeFiles } from '../../system/index.ts'
import { celLanguage } from '../claims/index.ts'
import { loadConfiguration } from '../config/index.ts'
import { type ImpersonationMode, neededRights, type Right } from '../rights/index.ts'

const guide = readFileSync('docs/gateway.md', 'utf8')

/** The block of YAML behind a comment of the guide. */
function blockBehind(comment: string): string {
  const [, text = ''] = guide.split(`<!-- ${comment} -->\n\`\`\`yaml\n`)
  return text.split('\n```')[0] ?? ''
}

const configuration = loadConfiguration('gateway.yaml', {
  files: nodeFiles,
  language: celLanguage,
  text: blockBehind('example: gateway.yaml'),
})

test('the configuration of the guide is good, and nothing in it is unwise', () => {
  expect(configuration.remarks).toEqual([])
  expect(configuration.gateway.onboarding?.clusterName).toBe('demo')
})

test.each<ImpersonationMode>(['constrained', 'classic'])(
  'the %s rules of the guide grant what its configuration needs, and no more',
  (mode) => {
    const { rules } = parse(blockBehind(`rules: ${mode}`))
    const granted = rules.flatMap(rightsOf)
    const needed = neededRights(configuration, mode).map(textOf)
    expect(granted.sort()).toEqual([...needed].sort())
  },
)

function rightsOf(rule: {
  readonly verbs: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
}): string[] {
  const { verbs, apiGroups = [], resources = [], nonResourceURLs = [] } = rule
  const places = [
    ...apiGroups.flatMap((group) => resources.map((resource) => `${group}/${resource}`)),
    ...nonResourceURLs,
  ]
  return places.flatMap((place) => verbs.map((verb) => `${verb} ${place}`))
}

function textOf(right: Right): string {
  return `${right.verb} ${right.kind === 'path' ? right.path : `${right.group}/${right.resource}`}`
}
