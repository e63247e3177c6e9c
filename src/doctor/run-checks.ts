import { OidcLoginError, systemErrorCode } from '../errors.ts'
import { type Check, type DoctorContext, type Finding, skipped } from './check.ts'

/** A finding and the check that made it. */
export interface NamedFinding extends Finding {
  readonly name: string
}

/**
 * Runs checks one after the other. One that needs another that failed is skipped; one that breaks down
 * has failed, and the rest goes on.
 *
 * @param onFinding called with each finding as soon as it is there
 * @throws OidcLoginError `interrupted`
 */
export async function runChecks(
  checks: readonly Check[],
  context: DoctorContext,
  onFinding: (finding: NamedFinding) => void = () => undefined,
): Promise<NamedFinding[]> {
  const findings: NamedFinding[] = []
  const blocked = new Set<string>()
  for (const check of checks) {
    context.system.interrupted.throwIfAborted()
    const obstacle = check.needs?.find((name) => blocked.has(name))
    const finding =
      obstacle === undefined
        ? await runOne(check, context)
        : skipped(`It needs the check "${obstacle}", which did not succeed.`)
    if (finding.verdict === 'failed' || obstacle !== undefined) blocked.add(check.name)
    const named = { name: check.name, ...finding }
    findings.push(named)
    onFinding(named)
  }
  return findings
}

async function runOne(check: Check, context: DoctorContext): Promise<Finding> {
  try {
    return await check.run(context)
  } catch (error) {
    context.system.interrupted.throwIfAborted()
    if (error instanceof OidcLoginError) {
      return { verdict: 'failed', message: error.message, remedy: error.hint }
    }
    // An error that nobody expected may quote anything: only its kind is shown.
    const kind = systemErrorCode(error) ?? (error instanceof Error ? error.name : typeof error)
    return { verdict: 'failed', message: `The check itself failed (${kind}).` }
  }
}
