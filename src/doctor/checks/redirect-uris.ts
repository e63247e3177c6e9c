import { type RedirectUri, redirectUrisFor } from '../../login/index.ts'
import type { ProviderSettings } from '../../provider/index.ts'
import { type Check, type DoctorContext, type Finding, noProvider } from '../check.ts'
import { type Answer, askForRedirect } from '../redirect-question.ts'

/**
 * Whether the provider has registered every redirect URI that a sign-in may use. It is asked without a
 * user (`prompt=none`, OpenID Connect Core §3.1.2.1): it sends its refusal to a URI that it knows, and
 * shows a page of its own for one that it does not.
 */
export const redirectUrisCheck: Check = {
  name: 'redirect-uris',
  needs: ['discovery'],
  async run(context) {
    const { provider } = context
    if (provider === undefined) return noProvider
    const answers = await askAll(context, provider)
    const refused = answers.filter(({ answer }) => answer.kind === 'refused')
    if (refused.length > 0) return notRegistered(answers, refused)
    const unclear = answers.filter(({ answer }) => answer.kind === 'unclear')
    if (unclear.length > 0) {
      return {
        verdict: 'warning',
        message: `The provider does not tell whether it knows ${list(unclear)}.`,
        remedy: `Compare with the redirect URIs of the client at the provider.`,
      }
    }
    const objection = answers.flatMap(({ answer }) =>
      answer.kind === 'accepted' && answer.objection ? [answer.objection] : [],
    )[0]
    if (objection !== undefined) {
      return {
        verdict: 'failed',
        message: `The provider knows ${list(answers)}, but refuses the request: ${objection}.`,
        remedy: 'Check the client, its scopes and its grant types at the provider.',
      }
    }
    return { verdict: 'ok', message: `The provider knows ${list(answers)}.` }
  },
}

interface Asked extends RedirectUri {
  readonly answer: Answer
}

async function askAll(context: DoctorContext, provider: ProviderSettings): Promise<Asked[]> {
  const { listenAddresses, redirectUrl, isListenerSecure } = context
  const asked: Asked[] = []
  for (const wanted of redirectUrisFor(listenAddresses, redirectUrl, isListenerSecure)) {
    asked.push({ ...wanted, answer: await askForRedirect(context, provider, wanted.uri) })
  }
  return asked
}

/** The addresses are tried in order, so one that is registered is enough as long as it is free. */
function notRegistered(all: readonly Asked[], refused: readonly Asked[]): Finding {
  const reasons = refused.flatMap(({ answer }) =>
    answer.kind === 'refused' ? [answer.reason] : [],
  )
  const said = [...new Set(reasons)].join('; ')
  const isUsable = all[0] !== undefined && !refused.includes(all[0])
  return {
    verdict: isUsable ? 'warning' : 'failed',
    message: `The provider refuses ${list(refused)}: ${said}.`,
    remedy: isUsable
      ? `Register it too: it is used when the port before it is taken. Or give only the addresses that are registered with --listen-address.`
      : `Register ${list(refused)} as redirect URI of the client at the provider, and check --oidc-client-id.`,
  }
}

function list(asked: readonly Asked[]): string {
  return asked
    .map(({ uri, isExample }) => (isExample ? `${uri.replace(/\d+$/, 'PORT')} with any port` : uri))
    .join(' and ')
}
