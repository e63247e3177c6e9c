import { OidcLoginError, systemErrorCode } from '../errors.ts'
import { type Check, type Finding, failed, type NamedFinding, skipped } from './finding.ts'

/**
 * Runs checks one after the other. One that needs another that did not succeed is skipped; one that
 * breaks down has failed, and the rest goes on.
 *
 * @param interrupted ends the run
 * @throws OidcLoginError `interrupted`
 */
export async function runChecks<Context>(
  checks: readonly Check<Context>[],
  context: Context,
  interrupted: AbortSignal,
  onFinding: (finding: NamedFinding) => void,
): Promise<readonly NamedFinding[]> {
  const findings: NamedFinding[] = []
  const blocked = new Set<string>()
  for (const check of checks) {
    interrupted.throwIfAborted()
    const obstacle = check.needs?.find((name) => blocked.has(name))
    const finding =
      obstacle === undefined
        ? await runOne(check, context, interrupted)
        : skipped(`It needs the check "${obstacle}", which did not succeed.`)
    if (finding.verdict === 'failed' || obstacle !== undefined) blocked.add(check.name)
    const named = { name: check.name, ...finding }
    findings.push(named)
    onFinding(named)
  }
  return findings
}

async function runOne<Context>(
  check: Check<Context>,
  context: Context,
  interrupted: AbortSignal,
): Promise<Finding> {
  try {
    return await check.run(context)
  } catch (error) {
    interrupted.throwIfAborted()
    if (error instanceof OidcLoginError) return failed(error.message, error.hint)
    // An error that nobody expected may quote anything: only its kind is shown.
    const kind = systemErrorCode(error) ?? (error instanceof Error ? error.name : typeof error)
    return failed(`The check itself failed (${kind}).`)
  }
}
