/** The gate: types, lint and format, the plan of the house, documentation. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { checkDocstrings } from './check/docstrings.ts'
import { checkErrorDocs } from './check/error-docs.ts'
import { checkErrorTests } from './check/error-tests.ts'
import { checkGatewayRules } from './check/gateway-rules.ts'
import { checkGeneratedPages } from './check/generated-pages.ts'
import { checkLinks } from './check/links.ts'
import { checkMigrationPage } from './check/migration-page.ts'
import { checkProofs } from './check/proofs.ts'
import { checkProviderGuides } from './check/provider-guides.ts'
import { checkQuotedMessages } from './check/quoted-messages.ts'
import { checkRooms } from './check/rooms.ts'
import { generatedPages } from './docs/generated-pages.ts'

interface Check {
  readonly name: string
  readonly isGood: () => boolean
}

const docs = readdirSync('docs', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name.replaceAll('\\', '/')}`)
const pages = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...docs.sort()]
const guides = docs.filter((path) => /^docs\/providers\/[a-z-]+\.md$/.test(path))
const migration = 'docs/migrating-from-kubelogin.md'

const checks: readonly Check[] = [
  { name: 'types', isGood: () => runs('tsc', ['-p', '.']) },
  { name: 'lint and format', isGood: () => runs('biome', ['check', '--error-on-warnings']) },
  { name: 'rooms', isGood: () => isQuiet(checkRooms('src')) },
  { name: 'docstrings', isGood: () => isQuiet(checkDocstrings('src')) },
  { name: 'docs/errors.md', isGood: () => isQuiet(checkErrorDocs()) },
  {
    name: 'docs/reference and deploy',
    isGood: () => isQuiet(checkGeneratedPages(generatedPages())),
  },
  { name: 'tests of errors', isGood: () => isQuiet(checkErrorTests()) },
  { name: 'links', isGood: () => isQuiet(checkLinks(pages)) },
  { name: 'proofs', isGood: () => isQuiet(checkProofs(pages)) },
  {
    name: 'docs/security.md',
    isGood: () => isQuiet(checkGatewayRules(readFileSync('docs/security.md', 'utf8'))),
  },
  { name: 'docs/providers', isGood: () => isQuiet(checkProviderGuides(guides)) },
  {
    name: 'docs/troubleshooting.md',
    isGood: () => isQuiet(checkQuotedMessages('docs/troubleshooting.md', 'src')),
  },
  { name: migration, isGood: () => isQuiet(checkMigrationPage(readFileSync(migration, 'utf8'))) },
]

const failed = checks.filter(({ name, isGood }) => {
  const good = isGood()
  console.log(`${good ? 'ok    ' : 'FAILED'} ${name}`)
  return !good
})
console.log(`${checks.length - failed.length} checks passed, ${failed.length} checks failed`)
process.exitCode = failed.length === 0 ? 0 : 1

function runs(command: string, args: readonly string[]): boolean {
  const isWindows = process.platform === 'win32'
  return spawnSync(command, args, { stdio: 'inherit', shell: isWindows }).status === 0
}

function isQuiet(complaints: readonly string[]): boolean {
  for (const complaint of complaints) console.error(`  ${complaint}`)
  return complaints.length === 0
}
