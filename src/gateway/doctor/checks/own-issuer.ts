import { type Check, failed, ok, skipped } from '../../../findings/index.ts'
import { celLanguage } from '../../claims/index.ts'
import { lintAuthentication } from '../../config/index.ts'
import type { DoctorContext } from '../context.ts'

/** Is one of the providers the cluster itself? */
export const ownIssuerCheck: Check<DoctorContext> = {
  name: 'cluster-issuer',
  needs: ['api-server'],
  async run(context) {
    const { status, json } = await context.api().get('/.well-known/openid-configuration')
    const { issuer } = Object(json)
    if (typeof issuer !== 'string') {
      return skipped(
        `The gateway may not read the issuer of the cluster's own tokens (${status}); bind it to the ClusterRole system:service-account-issuer-discovery.`,
      )
    }
    const { authentication } = context.loaded()
    const remark = lintAuthentication(authentication, {
      language: celLanguage,
      serviceAccountIssuers: [issuer],
    }).find(({ id }) => id === 'cluster-issuer')
    return remark
      ? failed(`${remark.path}: ${remark.message}`, remark.remedy)
      : ok('No provider is the cluster itself.')
  },
}
