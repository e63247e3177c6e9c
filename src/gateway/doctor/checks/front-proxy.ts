import { X509Certificate } from 'node:crypto'
import { type Check, failed, ok, skipped } from '../../../findings/index.ts'
import type { DoctorContext } from '../context.ts'

const path = '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication'

/**
 * Rule B6: a client certificate of the authority of front proxies would let whoever holds it name any
 * user in `X-Remote-User`.
 */
export const frontProxyCheck: Check<DoctorContext> = {
  name: 'front-proxy',
  needs: ['api-server'],
  async run(context) {
    const { credential } = context.material().access
    if (credential.kind === 'token') return ok('The credential is a token, no certificate.')
    const { status, json } = await context.api().get(path)
    const pem = Object(Object(json).data)['requestheader-client-ca-file']
    if (typeof pem !== 'string') {
      return skipped(
        `The gateway may not read the authority of front proxies (${status}). As an administrator compare the issuer of its certificate with: kubectl -n kube-system get configmap extension-apiserver-authentication -o yaml`,
      )
    }
    const own = new X509Certificate(credential.certificate)
    const authorities =
      pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
    const isOfFrontProxies = authorities
      .map((text) => new X509Certificate(text))
      .some((authority) => own.checkIssued(authority) && own.verify(authority.publicKey))
    return isOfFrontProxies
      ? failed(
          'The client certificate is issued by the authority of front proxies: its holder can be anybody.',
          'Get one from the signer kubernetes.io/kube-apiserver-client, or use a ServiceAccount token.',
        )
      : ok('The client certificate is not issued by the authority of front proxies.')
  },
}
