import { OidcLoginError } from '../errors.ts'
import { type Look, paint, type System } from '../system/index.ts'
import type { Check, NamedFinding, Verdict } from './finding.ts'
import { runChecks } from './run.ts'

/** How findings are told. */
export interface ReportOptions {
  /** Whether one JSON document is printed in the place of a table. */
  readonly isJson: boolean
  /** What was examined, for the JSON document. */
  readonly subject: Readonly<Record<string, string | null>>
}

/**
 * Runs checks and prints what they find: a row each as soon as it is there, or one JSON document.
 *
 * @throws OidcLoginError `checks_failed` when at least one has failed
 */
export async function reportFindings<Context>(
  system: Pick<System, 'terminal' | 'interrupted'>,
  checks: readonly Check<Context>[],
  context: Context,
  { isJson, subject }: ReportOptions,
): Promise<void> {
  const { terminal } = system
  const width = Math.max(...checks.map(({ name }) => name.length)) + 2
  const findings = await runChecks(checks, context, system.interrupted, (finding) => {
    if (!isJson) terminal.stdout(describe(finding, width, terminal.isStdoutColoured))
  })
  const failures = count(findings, 'failed')
  if (isJson) {
    const verdict = failures > 0 ? 'failed' : count(findings, 'warning') > 0 ? 'warning' : 'ok'
    terminal.stdout(`${JSON.stringify({ version: 1, verdict, ...subject, checks: findings })}\n`)
  } else {
    terminal.stdout(`\n${summary(findings)}\n`)
  }
  if (failures > 0) {
    throw new OidcLoginError(
      'checks_failed',
      failures === 1 ? 'One check failed.' : `${failures} checks failed.`,
      { hint: 'Begin with the first one: the others may follow from it.' },
    )
  }
}

const labels: Readonly<Record<Verdict, string>> = {
  ok: 'ok',
  warning: 'warning',
  failed: 'FAILED',
  skipped: 'skipped',
}

const looks: Readonly<Record<Verdict, Look>> = {
  ok: 'green',
  warning: 'yellow',
  failed: 'red',
  skipped: 'dim',
}

function describe(finding: NamedFinding, width: number, isColoured: boolean): string {
  const { name, verdict, message, remedy, details = [] } = finding
  const below = [...(remedy ? [remedy] : []), ...details]
  const indent = ' '.repeat(9 + width)
  const lines = below.map((line) => `${indent}${line}\n`).join('')
  const label = labels[verdict].padEnd(9)
  const painted = isColoured ? paint(label, looks[verdict]) : label
  return `${painted}${name.padEnd(width)}${message}\n${lines}`
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
