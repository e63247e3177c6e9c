import { OidcLoginError } from '../../errors.ts'
import { reportFindings } from '../../findings/index.ts'
import type { System } from '../../system/index.ts'
import { doctorChecks, doctorContext } from '../doctor/index.ts'
import type { GatewayOptionValues } from './command-spec.ts'
import { configurationOf } from './configuration-of.ts'

/**
 * `doctor`: looks at the configuration of a gateway and at everything that it depends on. It changes
 * nothing.
 *
 * @throws OidcLoginError `usage_invalid`, and `checks_failed` when at least one check has failed
 */
export async function doctor(system: System, options: GatewayOptionValues): Promise<void> {
  const context = doctorContext(system, () => configurationOf(system, options))
  refuseUsage(() => context.loaded())
  await reportFindings(system, doctorChecks, context, {
    isJson: options.text('output') === 'json',
    subject: { configuration: options.text('config') ?? null },
  })
}

/** What is wrong with the command line is no finding; all else is told by the checks. */
function refuseUsage(load: () => unknown): void {
  try {
    load()
  } catch (error) {
    if (error instanceof OidcLoginError && error.code === 'usage_invalid') throw error
  }
}
