import { allChecks, type DoctorContext } from '../doctor/index.ts'
import { reportFindings } from '../findings/index.ts'
import type { System } from '../system/index.ts'
import { doctorContext } from './doctor-context.ts'
import type { OptionValues } from './given-options.ts'

/**
 * `doctor`: looks at everything that a sign-in depends on, and says what is wrong and what to do. It
 * changes nothing and signs nobody in.
 *
 * @throws OidcLoginError `checks_failed` when at least one check has failed
 */
export async function doctor(system: System, options: OptionValues): Promise<void> {
  const context = await doctorContext(system, options)
  await reportFindings(system, allChecks, context, {
    isJson: options.text('output') === 'json',
    subject: subjectOf(context),
  })
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
