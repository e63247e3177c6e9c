import type { Check } from '../../findings/index.ts'
import { accessChecks } from './checks/access.ts'
import { asCheck } from './checks/as.ts'
import { attackChecks } from './checks/attacks.ts'
import { connectionCheck } from './checks/connection.ts'
import { identityCheck } from './checks/identity.ts'
import { execCheck, portForwardCheck } from './checks/pod.ts'
import { forgedTokenCheck, noTokenCheck } from './checks/tokens.ts'
import { watchCheck } from './checks/watch.ts'
import type { VerifyContext } from './context.ts'

/** Every check of a running gateway: first that it lets in who belongs there, then that nobody else. */
export function verifyChecks(context: VerifyContext): readonly Check<VerifyContext>[] {
  return [
    connectionCheck,
    identityCheck,
    ...accessChecks(context),
    watchCheck,
    execCheck,
    portForwardCheck,
    noTokenCheck,
    forgedTokenCheck,
    asCheck,
    ...attackChecks,
  ]
}
