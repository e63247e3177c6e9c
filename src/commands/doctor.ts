import {
  allChecks,
  type DoctorContext,
  type NamedFinding,
  runChecks,
  type Verdict,
} from '../doctor/index.ts'
import { OidcLoginError } from '../errors.ts'
import { type Look, paint, type System } from '../system/index.ts'
import { doctorContext } from './doctor-context.ts'
import type { OptionValues } from './options.ts'

/**
 * `doctor`: looks at everything that a sign-in depends on, and says what is wrong and what to do. It
 * changes nothing and signs nobody in.
 *
 * @throws OidcLoginError `checks_failed` when at least one check has failed
 */
export async function doctor(system: System, options: OptionValues): Promise<void> {
  const isJson = options.text('output') === 'json'
  const print = (text: string): void => system.terminal.stdout(text)
  const context = await doctorContext(system, options)
  const findings = await runChecks(allChecks, context, (finding) => {
    if (!isJson) print(describe(finding, system.terminal.isStdoutColoured))
  })
  const failed = count(findings, 'failed')
  if (isJson) {
    const verdict = failed > 0 ? 'failed' : count(findings, 'warning') > 0 ? 'warning' : 'ok'
    print(`${JSON.stringify({ version: 1, verdict, ...subjectOf(context), checks: findings })}\n`)
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

/** What was examined. */
function subjectOf({ kubeconfig, provider, cluster }: DoctorContext) {
  const context = kubeconfig.kind === 'read' && kubeconfig.chosen.kind === 'found'
  return {
    context: context ? kubeconfig.chosen.context.name : null,
    issuer: provider?.issuer ?? null,
    clientId: provider?.clientId ?? null,
    apiServer: cluster?.server ?? null,
  }
}

const labels: Readonly<Record<Verdict, string>> = {
  ok: 'ok',
  warning: 'warning',
  failed: 'FAILED',
  skipped: 'skipped',
}

const indent = ' '.repeat(25)

const looks: Readonly<Record<Verdict, Look>> = {
  ok: 'green',
  warning: 'yellow',
  failed: 'red',
  skipped: 'dim',
}

function describe(finding: NamedFinding, isColoured: boolean): string {
  const { name, verdict, message, remedy, details = [] } = finding
  const below = [...(remedy ? [remedy] : []), ...details]
  const lines = below.map((line) => `${indent}${line}\n`).join('')
  const label = labels[verdict].padEnd(9)
  const painted = isColoured ? paint(label, looks[verdict]) : label
  return `${painted}${name.padEnd(16)}${message}\n${lines}`
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
