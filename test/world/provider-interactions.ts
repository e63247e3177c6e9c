import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import type { TestAccount } from './provider-accounts.ts'
import { sendReply } from './provider-faults.ts'
import { loginPage, messagePage } from './provider-pages.ts'
import { readForm } from './provider-requests.ts'

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>

/** One step of a sign-in: the exchange, and who may sign in. */
export interface InteractionStep {
  readonly provider: Provider
  readonly accounts: readonly TestAccount[]
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Shows and evaluates the login form; consent is given without a question. */
export async function interact(step: InteractionStep): Promise<void> {
  const { provider, request, response } = step
  const interaction = await provider.interactionDetails(request, response).catch(() => undefined)
  if (!interaction) {
    const body = messagePage('This sign-in is over', 'Go back to the application and start again.')
    return sendReply(response, { status: 400, body })
  }
  if (interaction.prompt.name === 'consent') return await consent(step, interaction)
  if (request.method === 'POST') return await signIn(step, interaction)
  sendReply(response, { status: 200, body: await formOf(step, interaction) })
}

async function signIn(step: InteractionStep, interaction: Interaction): Promise<void> {
  const { provider, accounts, request, response } = step
  const form = await readForm(request)
  if (form.get('action') === 'cancel') {
    const error_description = 'The sign-in was cancelled.'
    const refusal = { error: 'access_denied', error_description }
    return await provider.interactionFinished(request, response, refusal)
  }
  const username = form.get('username') ?? ''
  const account = accounts.find((candidate) => candidate.username === username)
  if (!account || account.password !== form.get('password')) {
    const error = 'The username or the password is wrong.'
    const body = await formOf(step, interaction, { username, error })
    return sendReply(response, { status: 401, body })
  }
  const login = { accountId: account.sub }
  await provider.interactionFinished(request, response, { login })
}

async function consent(step: InteractionStep, interaction: Interaction): Promise<void> {
  const { provider, request, response } = step
  const { session, params, grantId } = interaction
  const clientId = String(params.client_id)
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  const grant = known ?? new provider.Grant({ accountId: session?.accountId, clientId })
  grant.addOIDCScope(String(params.scope ?? 'openid'))
  const result = { consent: { grantId: await grant.save() } }
  await provider.interactionFinished(request, response, result)
}

async function formOf(
  { provider, request }: InteractionStep,
  { params }: Interaction,
  attempt: { username: string; error?: string } = { username: String(params.login_hint ?? '') },
): Promise<string> {
  const client = await provider.Client.find(String(params.client_id))
  const application = client?.clientName ?? String(params.client_id)
  return loginPage({ action: request.url ?? '', application, ...attempt })
}
