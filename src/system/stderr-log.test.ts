import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testSystem } from '../../test/world/system.ts'
import { stderrLog } from './stderr-log.ts'

/** What the log makes of a message at the highest level. */
function traced(message: string): string {
  const { system, stderr } = testSystem()
  stderrLog(9, system.clock, system.terminal).trace(2, () => message)
  return stderr()
}

const opaque = fc.stringMatching(/^[\w-]{16,64}$/)
const jwt = fc.tuple(opaque, opaque).map(([body, mac]) => `eyJhbGciOiJSUzI1NiJ9.${body}.${mac}`)
const password = fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }).filter(
  // Shorter words could be found in the timestamp or in the message around them.
  (text) => text.replaceAll(/[\s\p{C}]/gu, '').length >= 8,
)
const headerText = fc.stringMatching(/^[!-~]{16,64}$/)

const parameter = fc.constantFrom(
  'code',
  'code_verifier',
  'device_code',
  'access_token',
  'id_token',
  'refresh_token',
  'token',
  'id_token_hint',
  'subject_token',
  'client_secret',
  'client_assertion',
  'assertion',
  'password',
)

/** A secret, and a message that quotes it. */
interface Quotation {
  readonly secret: string
  readonly message: string
}

/** How a secret is quoted: each as a stranger's error or a careless trace would do it. */
const quotations: Readonly<Record<string, fc.Arbitrary<Quotation>>> = {
  'an Authorization header': fc
    .tuple(fc.constantFrom('Bearer', 'Basic', 'DPoP'), fc.oneof(opaque, jwt, headerText))
    .map(([scheme, secret]) => ({ secret, message: `sent Authorization: ${scheme} ${secret}` })),
  'credentials of a proxy in a header': headerText.map((secret) => ({
    secret,
    message: `CONNECT sso:443\r\nproxy-authorization: Basic ${secret}\r\nhost: sso`,
  })),
  'a cookie': fc
    .tuple(fc.constantFrom('Cookie', 'Set-Cookie'), headerText)
    .map(([name, secret]) => ({
      secret,
      message: `${name}: session=${secret}; path=/`,
    })),
  'headers as JSON': fc
    .tuple(fc.constantFrom('authorization', 'cookie', 'x-api-key', 'x-auth-token'), password)
    .map(([name, secret]) => ({
      secret,
      message: JSON.stringify({ [name]: secret, host: 'sso' }),
    })),
  'the query of a URL': fc
    .tuple(parameter, fc.oneof(opaque, jwt, password))
    .map(([name, secret]) => ({
      secret,
      message: `GET https://sso.example.com/callback?a=b&${new URLSearchParams({ [name]: secret })}&z=1: 200`,
    })),
  'a URL inside a URL': fc.tuple(parameter, fc.oneof(opaque, password)).map(([name, secret]) => {
    const inner = `https://app.example.com/?a=b&${name}=${encodeURIComponent(secret)}`
    return { secret, message: `see https://sso.example.com/?next=${encodeURIComponent(inner)}&b=c` }
  }),
  'the fragment of a URL': fc.tuple(parameter, opaque).map(([name, secret]) => ({
    secret,
    message: `opened https://app.example.com/#${name}=${secret}`,
  })),
  'user name and password in a URL': fc
    .tuple(fc.constantFrom('john', ''), password)
    .map(([user, secret]) => ({
      secret,
      message: `the proxy http://${user}:${encodeURIComponent(secret)}@proxy.example.com:3128 is gone`,
    })),
  'a form': fc.tuple(parameter, fc.oneof(opaque, jwt, password)).map(([name, secret]) => ({
    secret,
    message: `body ${new URLSearchParams({ grant_type: 'x', [name]: secret, scope: 'openid' })}`,
  })),
  'a JSON answer': fc.tuple(parameter, fc.oneof(opaque, jwt, password)).map(([name, secret]) => ({
    secret,
    message: `answer ${JSON.stringify({ token_type: 'Bearer', [name]: secret, expires_in: 60 })}`,
  })),
  'a JSON answer over several lines': fc.tuple(parameter, password).map(([name, secret]) => ({
    secret,
    message: JSON.stringify({ a: 1, [name]: secret, z: 'end' }, null, 2),
  })),
  'JSON inside JSON': fc.tuple(parameter, opaque).map(([name, secret]) => ({
    secret,
    message: JSON.stringify({ cause: JSON.stringify({ a: 1, [name]: secret }) }),
  })),
  'an option': fc
    .tuple(fc.constantFrom('--password', '--oidc-client-secret'), opaque)
    .map(([name, secret]) => ({ secret, message: `ran get-token ${name}=${secret} -v9` })),
  'a scheme without its header': fc
    .tuple(fc.constantFrom('Bearer', 'Basic'), opaque)
    .map(([scheme, secret]) => ({ secret, message: `refused "${scheme} ${secret}" at the door` })),
  'a bare token': jwt.map((secret) => ({ secret, message: `cannot decode ${secret}: bad length` })),
  'a private key': opaque.map((secret) => ({
    secret,
    message: `bad -----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`,
  })),
  'the error of a library': fc.tuple(parameter, opaque).map(([name, secret]) => ({
    secret,
    message: String(new Error(`unexpected token in {"${name}":"${secret}`)),
  })),
}

describe('the trace shows no secret that is quoted in', () => {
  test.each(Object.entries(quotations))('%s', (_, quotation) => {
    fc.assert(
      fc.property(quotation, ({ secret, message }) => {
        const said = traced(message)
        const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
        return forms.every((form) => !said.includes(form))
      }),
      { numRuns: 300 },
    )
  })
})

test('the trace leaves what is no secret', () => {
  const messages = [
    'the session sso-example-com-kubernetes-00ff is fresh',
    'POST https://sso.example.com/token: status 200 in 12 ms',
    'GET https://sso.example.com/.well-known/openid-configuration: provider_unreachable in 3 ms',
    'the browser came back; exchanging the code for tokens',
    'failed with the error token_missing',
  ]
  for (const message of messages) expect(traced(message)).toMatch(new RegExp(`Z ${message}\n$`))
})

test('the trace is one line a message, whatever a stranger put into it', () => {
  expect(traced('a\n2026-01-01T00:00:00.000Z forged \u001b[31mred')).toMatch(
    /^\S+Z a 2026-01-01T00:00:00\.000Z forged \[31mred\n$/,
  )
})

test('what is not asked for costs nothing: the message is not made', () => {
  const { system, stderr } = testSystem()
  const fail = (): string => {
    throw new Error('it was made')
  }
  stderrLog(1, system.clock, system.terminal).trace(2, fail)
  expect(stderr()).toBe('')
})
