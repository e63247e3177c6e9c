import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { neededRights, rulesOf } from '../../src/gateway/rights/index.ts'
import { sampleInstallation } from './sample-installation.ts'

test.each(['constrained', 'classic'] as const)(
  'the guide shows the %s rules as they are',
  (mode) => {
    const guide = readFileSync('docs/gateway.md', 'utf8').replaceAll('\r\n', '\n')
    const { configuration } = sampleInstallation()
    const rules = stringify({ rules: rulesOf(neededRights(configuration, mode)) }, { lineWidth: 0 })
    expect(guide).toContain(`<!-- rules: ${mode} -->\n\`\`\`yaml\n${rules}\`\`\`\n`)
  },
)
