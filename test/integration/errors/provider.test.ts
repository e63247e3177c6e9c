import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { startConnectProxy } from '../../world/connect-proxy.ts'
import { type ScriptedProvider, startScriptedProvider } from '../../world/scripted-provider.ts'
import { computer, stopped } from '../../world/world.ts'
import { expectFailure, type Failure } from './expect-failure.ts'

interface Case extends Failure {
  /** Spoils the provider, or the way to it; returns options that win over the usual ones. */
  spoil(provider: ScriptedProvider): readonly string[] | Promise<readonly string[]>
}

/** A port at which nobody listens any more. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port }: AddressInfo = Object(server.address())
  await new Promise((done) => server.close(done))
  return port
}

const cases: Readonly<Record<string, Case>> = {
  '`provider_unreachable`: nobody listens there': {
    code: 'provider_unreachable',
    spoil: async () => [`--oidc-issuer-url=https://localhost:${await freePort()}`],
    says: /https:\/\/localhost:\d+ cannot be reached \(.*, ECONNREFUSED\)\./,
    hint: /Check the issuer URL, the network, the VPN and the proxy\./,
  },
  '`provider_untrusted`: a private authority that was not given': {
    code: 'provider_untrusted',
    spoil: () => ['--certificate-authority='],
    says: /The certificate of https:\/\/localhost:\d+ is not trusted \(\w+\)\./,
    hint: /If the provider uses a private certificate authority, give its file with --certificate-authority\./,
  },
  '`provider_timed_out`: no answer': {
    code: 'provider_timed_out',
    spoil({ faults }) {
      faults.always('discovery', 'hang')
      return ['--request-timeout-sec=1']
    },
    says: /https:\/\/localhost:\d+ did not answer within 1 second\./,
    hint: /Check the network, the VPN and the proxy\. Your session is kept; try again\./,
  },
  '`provider_response_invalid`: a web page in the place of a document': {
    code: 'provider_response_invalid',
    spoil({ faults }) {
      faults.always('discovery', { status: 200, body: '<h1>Welcome</h1>' })
      return []
    },
    says: /https:\/\/localhost:\d+ does not work as an OpenID Connect provider: .+\./,
    hint: /Check the issuer URL: https:\/\/localhost:\d+\/\.well-known\/openid-configuration must be a JSON document\./,
  },
  '`provider_unavailable`: status 503, again and again': {
    code: 'provider_unavailable',
    spoil({ faults }) {
      faults.always('discovery', { status: 503 })
      return []
    },
    says: /The provider is unavailable: the discovery failed, status 503\./,
    hint: /Try again in a moment\./,
  },
  '`proxy_unreachable`: no proxy listens there': {
    code: 'proxy_unreachable',
    spoil: async ({ port }) => [
      `--oidc-issuer-url=https://sso.corp.test:${port}`,
      `--proxy-url=http://127.0.0.1:${await freePort()}`,
    ],
    says: /The proxy http:\/\/127\.0\.0\.1:\d+ cannot be reached \(.*, ECONNREFUSED\)\./,
    hint: /Check HTTPS_PROXY, HTTP_PROXY and --proxy-url, or go around the proxy with NO_PROXY or --proxy-url=direct\./,
  },
  '`proxy_refused`: the proxy does not allow the provider': {
    code: 'proxy_refused',
    async spoil({ port }) {
      const proxy = stopped(await startConnectProxy({ refuses: { status: 403 } }))
      return [`--oidc-issuer-url=https://sso.corp.test:${port}`, `--proxy-url=${proxy.url}`]
    },
    says: /The proxy http:\/\/\S+ refuses a connection to https:\/\/sso\.corp\.test:\d+ \(status 403\)\./,
    hint: /Ask its operator to allow it, or go around the proxy with NO_PROXY or --proxy-url=direct\./,
  },
}

test.each(Object.entries(cases))('%s', async (_, { spoil, ...failure }) => {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority }))
  const spoiled = await spoil(provider)
  const replaced = new Set(spoiled.map((option) => option.slice(0, option.indexOf('='))))
  const usual = john
    .options(provider.issuer)
    .filter((option) => !replaced.has(option.slice(0, option.indexOf('='))))
  expectFailure(await john.run(['get-token', ...usual, ...spoiled, '-v1']), failure)
  expect(john.openedPages()).toBe(0)
})
