import { type Check, ok, warning } from '../../../findings/index.ts'
import type { DoctorContext } from '../context.ts'

/** Is the configuration valid, and is it wise? */
export const configurationCheck: Check<DoctorContext> = {
  name: 'configuration',
  async run(context) {
    const { authentication, remarks } = context.loaded()
    const issuers = authentication.jwt.map(({ issuer }) => issuer.url)
    const count = issuers.length === 1 ? 'one provider' : `${issuers.length} providers`
    if (remarks.length === 0) return ok(`It is valid, with ${count}.`, issuers)
    const lines = remarks.map(
      ({ id, path, message, remedy }) => `${id}, ${path}: ${message} ${remedy}`,
    )
    return warning(`It is valid, with ${count}, and should be read again:`, undefined, lines)
  },
}
