import { expect, test } from 'vitest'
import type { GatewayCommand } from '../../src/gateway/commands/index.ts'
import { gatewayPage } from './gateway-page.ts'

const command: GatewayCommand = {
  name: 'serve',
  summary: 'run it',
  options: [
    { name: 'config', placeholder: 'file', description: 'a <file>|another' },
    {
      name: 'output',
      placeholder: 'format',
      choices: ['text', 'json'],
      byDefault: 'text',
      isRepeatable: true,
      description: 'format',
    },
    { name: 'check', description: 'look only' },
  ],
  examples: ['oidc-gateway serve \\\n      --config gateway.yaml'],
  run: () => Promise.resolve(),
}

test('a command of the gateway is a section with its examples and a row for each option', () => {
  const page = gatewayPage([command])
  expect(page).toContain('| [`serve`](#serve) | run it |')
  expect(page).toContain(
    '## serve\n\nRun it.\n\n```sh\noidc-gateway serve \\\n  --config gateway.yaml\n```',
  )
  expect(page).toContain('| `--config` file<br>`OIDC_GATEWAY_CONFIG` | A &lt;file>\\|another. |')
  expect(page).toContain('Format. One of `text`, `json`. Default `text`. May be repeated. |')
  expect(page).toContain('| `--check`<br>`OIDC_GATEWAY_CHECK` | Look only. |')
})

test('an argument is named, and so is it when there are no options', () => {
  const argument = { name: '<file>', description: 'what to read' }
  const page = gatewayPage([{ ...command, options: [], argument }])
  expect(page).toContain('`<file>`: what to read.')
  expect(page).toContain('It has no options.')
})
