import { type Check, failed, ok, reportFindings } from '../../findings/index.ts'
import type { Fetch, System } from '../../system/index.ts'
import type { OperatorAccess } from '../cluster/index.ts'
import { apiClientOver, askSelf, type RightsContext, rightsChecks } from '../doctor/index.ts'
import type { Configurations } from '../rights/index.ts'
import type { UpstreamAccess } from '../upstream/index.ts'
import { type TrialOutcome, tryImpersonation } from './trial.ts'

/** How long the API server may take until it knows rights that were just granted, in milliseconds. */
const settleMs = 10_000

const pollMs = 250

const timeoutMs = 10_000

/**
 * Looks at the rights of the gateway with its own new credential, and tries the one that it lives from.
 *
 * @throws OidcLoginError `checks_failed`
 */
export async function checkGateway(
  system: System,
  access: OperatorAccess,
  configuration: Configurations,
  credential: UpstreamAccess['credential'],
): Promise<void> {
  const fetch = connection(system, access, credential)
  const api = apiClientOver(fetch, access.server, system.interrupted)
  const outcome = await settled(system, fetch, access.server)
  const self = askSelf(api)
  const context: RightsContext = {
    loaded: () => configuration,
    api: () => api,
    self: async () => await self,
  }
  await reportFindings(system, [...rightsChecks, impersonationCheck(outcome)], context, {
    isJson: false,
    subject: {},
  })
}

function connection(
  system: Pick<System, 'http'>,
  { http }: OperatorAccess,
  credential: UpstreamAccess['credential'],
): Fetch {
  const headers = { accept: 'application/json', 'user-agent': 'oidc-gateway' }
  return system.http.connect({
    ...http,
    timeoutMs,
    ...(credential.kind === 'token'
      ? {
          clientCertificate: undefined,
          headers: { ...headers, authorization: `Bearer ${credential.token}` },
        }
      : {
          clientCertificate: { certPem: credential.certificate, keyPem: credential.key },
          headers,
        }),
  })
}

/** The API server learns of roles by watching them, some moments after they were written. */
async function settled(
  system: Pick<System, 'clock' | 'interrupted'>,
  fetch: Fetch,
  server: string,
): Promise<TrialOutcome> {
  const end = system.clock.elapsed() + settleMs
  for (;;) {
    const outcome = await tryImpersonation(fetch, server, '/version', system.interrupted)
    if (outcome.kind === 'allowed' || system.clock.elapsed() >= end) return outcome
    await system.clock.sleep(pollMs, system.interrupted)
  }
}

/** Granted is not the same as understood: an API server ignores verbs that it does not know. */
function impersonationCheck(outcome: TrialOutcome): Check<RightsContext> {
  return {
    name: 'impersonation',
    async run() {
      if (outcome.kind === 'allowed') return ok('It was tried, and the API server allows it.')
      const why =
        outcome.kind === 'refused'
          ? `it looks for the right of ${outcome.mode} impersonation`
          : `status ${outcome.status}`
      return failed(
        `It was tried, and the API server refuses it: ${why}.`,
        'Leave --impersonation out, so that the API server is asked how it grants impersonation.',
      )
    },
  }
}
