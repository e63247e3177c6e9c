import {
  allChecks,
  type Discovery,
  type DoctorContext,
  type NamedFinding,
  runChecks,
  type Verdict,
} from '../doctor/index.ts'
import { OidcLoginError } from '../errors.ts'
import { discoverProvider, type ProviderSettings } from '../provider/index.ts'
import { sessionKey } from '../session/index.ts'
import type { System } from '../system/index.ts'
import { everySessionStore, sessionIdentity, sessionStore } from './identity.ts'
import type { OptionValues } from './options.ts'
import { providerSettings } from './sign-in-settings.ts'

/**
 * `doctor`: looks at everything that a sign-in depends on, and says what is wrong and what to do. It
 * changes nothing and signs nobody in.
 *
 * @throws OidcLoginError `checks_failed` when at least one check has failed
 */
export async function doctor(system: System, options: OptionValues): Promise<void> {
  const isJson = options.text('output') === 'json'
  const print = (text: string): void => system.terminal.stdout(text)
  const findings = await runChecks(allChecks, await doctorContext(system, options), (finding) => {
    if (!isJson) print(describe(finding))
  })
  const failed = count(findings, 'failed')
  if (isJson) {
    const verdict = failed > 0 ? 'failed' : count(findings, 'warning') > 0 ? 'warning' : 'ok'
    print(`${JSON.stringify({ version: 1, verdict, checks: findings })}\n`)
  } else {
    print(`\n${summary(findings)}\n`)
  }
  if (failed > 0) {
    throw new OidcLoginError(
      'checks_failed',
      failed === 1 ? 'One check failed.' : `${failed} checks failed.`,
      { hint: 'Begin with the first one: the others may follow from it.' },
    )
  }
}

async function doctorContext(system: System, options: OptionValues): Promise<DoctorContext> {
  const isProviderNamed =
    options.text('oidc-issuer-url') !== undefined && options.text('oidc-client-id') !== undefined
  const identity = isProviderNamed ? sessionIdentity(options) : undefined
  let discovery: Promise<Discovery> | undefined
  return {
    system,
    provider: identity && providerSettings(system, options),
    extraScopes: options.list('oidc-extra-scope'),
    extraParameters: options.map('oidc-auth-request-extra-params'),
    listenAddresses: options.list('listen-address'),
    redirectUrl: options.text('oidc-redirect-url'),
    isListenerSecure: options.text('local-server-cert') !== undefined,
    browserCommand: options.text('browser-command'),
    skipOpenBrowser: options.flag('skip-open-browser'),
    store: await sessionStore(system, options),
    everyStore: await everySessionStore(system, options),
    key: identity && sessionKey(identity),
    discover: (settings) => {
      discovery ??= discover(system, settings)
      return discovery
    },
  }
}

async function discover(system: System, settings: ProviderSettings): Promise<Discovery> {
  try {
    return { kind: 'found', provider: await discoverProvider(system, settings) }
  } catch (error) {
    if (error instanceof OidcLoginError && error.code !== 'interrupted') {
      return { kind: 'failed', error }
    }
    throw error
  }
}

const labels: Readonly<Record<Verdict, string>> = {
  ok: 'ok',
  warning: 'warning',
  failed: 'FAILED',
  skipped: 'skipped',
}

const indent = ' '.repeat(25)

function describe({ name, verdict, message, remedy }: NamedFinding): string {
  const advice = remedy ? `${indent}${remedy}\n` : ''
  return `${labels[verdict].padEnd(9)}${name.padEnd(16)}${message}\n${advice}`
}

function summary(findings: readonly NamedFinding[]): string {
  const warnings = count(findings, 'warning')
  const parts = [
    `${count(findings, 'ok')} ok`,
    `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
    `${count(findings, 'failed')} failed`,
    `${count(findings, 'skipped')} skipped`,
  ]
  return `${findings.length} checks: ${parts.join(', ')}.`
}

function count(findings: readonly NamedFinding[], verdict: Verdict): number {
  return findings.filter((finding) => finding.verdict === verdict).length
}
