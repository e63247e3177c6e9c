import { type Check, failed, ok } from '../../../findings/index.ts'
import { bearer, type VerifyContext } from '../context.ts'
import { messageIn, personIn, whoAmI } from '../identity.ts'

const target = 'oidc-gateway:verify'

/** `kubectl --as`: nobody acts as another unless that was granted. */
export const asCheck: Check<VerifyContext> = {
  name: 'as',
  needs: ['identity'],
  async run(context) {
    const answer = await context.ask(whoAmI(bearer(context), `Impersonate-User: ${target}`))
    if (answer.status === 400 || answer.status === 403) {
      return ok(`--as is refused with ${answer.status}: ${messageIn(answer)}.`)
    }
    if (personIn(answer)?.username === target) {
      return failed(
        'This person may act as anybody.',
        'Take the right to impersonate away, or verify with the token of an ordinary person.',
      )
    }
    return failed(`--as is answered with ${answer.status}; a refusal was expected.`)
  },
}
