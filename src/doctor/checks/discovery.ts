import { type Check, noProvider } from '../check.ts'

/** Whether the discovery document can be read, is the issuer's own, and names what a sign-in needs. */
export const discoveryCheck: Check = {
  name: 'discovery',
  needs: ['dns', 'tcp', 'proxy', 'tls'],
  async run({ provider, discover }) {
    if (provider === undefined) return noProvider
    const discovery = await discover(provider)
    if (discovery.kind === 'failed') throw discovery.error
    const { metadata } = discovery.provider
    const needed = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const
    const missing = needed.filter((name) => metadata[name] === undefined)
    if (missing.length > 0) {
      return {
        verdict: 'failed',
        message: `The discovery document of ${provider.issuer} lacks ${missing.join(', ')}.`,
        remedy: 'Check the issuer URL, and tell the operator of the provider.',
      }
    }
    return { verdict: 'ok', message: `${provider.issuer} describes itself correctly.` }
  },
}
