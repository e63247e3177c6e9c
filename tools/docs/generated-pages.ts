import { commandTable, commonOptions } from '../../src/commands/index.ts'
import { commandTable as gatewayCommands } from '../../src/gateway/commands/index.ts'
import { deployFiles } from '../deploy/deploy-files.ts'
import { cliPage } from './cli-page.ts'
import { gatewayPage } from './gateway-page.ts'

/** A page of the documentation, or a file of `deploy`, that is made from the source. */
export interface GeneratedPage {
  /** Path below the root of the repository. */
  readonly path: string
  readonly text: string
}

/** All files that `npm run docs` writes and `npm run check` compares. */
export function generatedPages(): GeneratedPage[] {
  return [
    {
      path: 'docs/reference/cli.md',
      text: `${cliPage({ commands: commandTable, commonOptions })}\n`,
    },
    { path: 'docs/reference/oidc-gateway.md', text: `${gatewayPage(gatewayCommands)}\n` },
    ...deployFiles(),
  ]
}
