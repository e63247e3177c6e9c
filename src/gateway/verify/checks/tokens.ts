import { type Check, type Finding, failed, ok, skipped } from '../../../findings/index.ts'
import type { Request } from '../ask.ts'
import type { VerifyContext } from '../context.ts'
import { whoAmI } from '../identity.ts'

/** Nobody gets in without a token, and none by a query. */
export const noTokenCheck: Check<VerifyContext> = {
  name: 'no-token',
  needs: ['connection'],
  async run(context) {
    const inQuery = { ...whoAmI(), target: `${whoAmI().target}?access_token=${context.token}` }
    return await mustBe401(context, [whoAmI(), inQuery, whoAmI('Authorization: Bearer ')])
  },
}

/** A token whose signature is not the provider's is worth nothing. */
export const forgedTokenCheck: Check<VerifyContext> = {
  name: 'forged-token',
  needs: ['connection'],
  async run(context) {
    const [header = '', claims = '', signature = ''] = context.token.split('.')
    if (signature === '') return skipped('The token is no JWT, so none can be forged after it.')
    const first = signature.startsWith('A') ? 'B' : 'A'
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
    const forged = [`${header}.${claims}.${first}${signature.slice(1)}`, `${none}.${claims}.`]
    return await mustBe401(
      context,
      forged.map((token) => whoAmI(`Authorization: Bearer ${token}`)),
    )
  },
}

async function mustBe401({ ask }: VerifyContext, requests: readonly Request[]): Promise<Finding> {
  const statuses: number[] = []
  for (const request of requests) statuses.push((await ask(request)).status)
  if (statuses.every((status) => status === 401)) return ok('Refused with 401.')
  return failed(
    `Answered with ${statuses.join(', ')}; each should be 401.`,
    'Is there really a gateway at that address, and nothing before it that lets people in?',
  )
}
