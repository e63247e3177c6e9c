import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testSystem } from '../../test/world/system.ts'
import { type Fetch, stderrLog } from '../system/index.ts'
import { connectToProvider, providerFetch } from './request.ts'
import type { ProviderSettings } from './settings.ts'

const secretText = fc.stringMatching(/^[\w.~-]{16,64}$/)

/** How a request ends: every way has words of its own in the trace. */
const ending = fc.constantFrom('answer', 'refusal', 'unavailable', 'broken')

test('providerFetch traces a request without its query, headers, body, answer or error', async () => {
  await fc.assert(
    fc.asyncProperty(secretText, ending, async (secret, how) => {
      const { system, stderr } = testSystem()
      const send: Fetch = async () => {
        if (how === 'broken') throw new Error(`the socket of ${secret} is gone`)
        const status = { answer: 200, refusal: 400, unavailable: 503 }[how]
        return new Response(JSON.stringify({ access_token: secret }), {
          status,
          headers: { 'set-cookie': secret, 'retry-after': '3600' },
        })
      }
      const log = stderrLog(9, system.clock, system.terminal)
      const watched = { ...system, log, http: { connect: () => send } }
      const fetch = providerFetch(watched, connectToProvider(watched, settingsWith(secret)))
      await fetch(`https://john:${secret}@sso.example.com/token?code=${secret}#${secret}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}` },
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: secret }),
      }).catch(() => undefined)
      expect(stderr().includes(secret), 'a secret was traced').toBe(false)
      expect(how === 'broken' || stderr().includes('POST https://sso.example.com/token')).toBe(true)
    }),
  )
})

function settingsWith(secret: string): ProviderSettings {
  return {
    issuer: 'https://sso.example.com',
    clientId: 'kubernetes',
    clientSecret: secret,
    clientAuthMethod: 'auto',
    certificateAuthorities: [],
    insecureSkipTlsVerify: false,
    insecureAllowHttp: false,
    requestHeaders: { 'x-api-key': secret },
    proxyUrl: `http://john:${secret}@proxy.example.com`,
    requestTimeoutMs: 1_000,
  }
}
