import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import type { ScriptedHooks } from '../world/scripted-provider-hooks.ts'
import { readSession, sessionFiles } from '../world/sessions.ts'
import { claimsOf, computer, fingerprintOf, stopped, tokenOf } from '../world/world.ts'

const urn = 'urn:ietf:params:oauth:'
const idTokenType = `${urn}token-type:id_token`

/** A pod whose service account token Kubernetes keeps in a file, and replaces there. */
async function world(hooks: ScriptedHooks = {}) {
  const pod = await computer()
  const forms: URLSearchParams[] = []
  const provider = stopped(
    await startScriptedProvider({
      authority: pod.authority,
      hooks: {
        ...hooks,
        token: (request, answer) => {
          forms.push(request.form)
          return hooks.token?.(request, answer) ?? answer
        },
      },
    }),
  )
  const tokenFile = join(pod.home, 'token')
  const project = (token: string): void => writeFileSync(tokenFile, `${token}\n`)
  project('robot.secret-assertion-1')
  const getToken = ['get-token', ...pod.options(provider.issuer)]
  return {
    pod,
    provider,
    forms,
    project,
    tokenFile,
    bearer: [...getToken, '--grant-type=jwt-bearer', `--assertion-file=${tokenFile}`],
    exchange: [...getToken, '--grant-type=token-exchange', `--subject-token-file=${tokenFile}`],
    getToken,
  }
}

function textOf(form: URLSearchParams | undefined): string {
  return new URLSearchParams([...(form ?? [])].filter(([name]) => name !== 'scope')).toString()
}

describe('jwt-bearer', () => {
  test('presents the JWT of a file, and the session is used without the network', async () => {
    const { pod, provider, bearer, forms } = await world()
    const first = await pod.run(bearer)
    expect({ ...first, stdout: '' }).toEqual({ exitCode: 0, stdout: '', stderr: '' })
    expect(claimsOf(tokenOf(first.stdout)).sub).toBe('robot')
    expect(textOf(forms[0])).toBe(
      new URLSearchParams({
        assertion: 'robot.secret-assertion-1',
        grant_type: `${urn}grant-type:jwt-bearer`,
        client_id: 'kubernetes',
      }).toString(),
    )
    const before = provider.requests.length
    const second = await pod.run(bearer)
    expect(fingerprintOf(second.stdout)).toBe(fingerprintOf(first.stdout))
    expect(provider.requests).toHaveLength(before)
    expect(pod.openedPages()).toBe(0)
  })

  test('reads the file again at every use: a token of another is never handed out', async () => {
    const { pod, project, bearer } = await world()
    await pod.run(bearer)
    project('other.secret-assertion-2')
    const { exitCode, stdout, stderr } = await pod.run(bearer)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(claimsOf(tokenOf(stdout)).sub).toBe('other')
    expect(sessionFiles(pod.sessions)).toHaveLength(1)
    const text = JSON.stringify(readSession(pod.sessions))
    expect(text.includes('secret-assertion')).toBe(false)
  })

  test('takes the JWT from the environment as well, which is no argument', async () => {
    const { pod, getToken } = await world()
    const { exitCode, stdout, stderr } = await pod.run([...getToken, '--grant-type=jwt-bearer'], {
      env: { KUBECTL_OIDC_LOGIN_ASSERTION: 'ci.secret-assertion-3' },
    })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(claimsOf(tokenOf(stdout)).sub).toBe('ci')
  })

  test('a refusal of the provider does not cool down', async () => {
    const { pod, provider, bearer } = await world()
    provider.faults.once('token', { status: 400, body: { error: 'invalid_grant' } })
    const refused = await pod.run(bearer)
    expect(refused.exitCode).toBe(4)
    expect(refused.stderr).toContain('refused the sign-in: invalid_grant')
    expect((await pod.run(bearer)).exitCode).toBe(0)
  })

  test('a hiccup is repeated: the file is presented again anyway', async () => {
    const { pod, provider, bearer } = await world()
    provider.faults.once('token', { status: 503 }, 'reset')
    const { exitCode, stderr } = await pod.run(bearer)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  })

  test('20 parallel calls make one request', async () => {
    const { pod, bearer, forms } = await world()
    const results = await Promise.all(Array.from({ length: 20 }, () => pod.run(bearer)))
    expect(results.map(({ exitCode }) => exitCode)).toEqual(Array(20).fill(0))
    expect(forms).toHaveLength(1)
  })
})

describe('token-exchange', () => {
  test('sends what RFC 8693 names, and nothing that was not given', async () => {
    const { pod, exchange, forms } = await world()
    const { exitCode, stdout, stderr } = await pod.run(exchange)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(claimsOf(tokenOf(stdout)).sub).toBe('robot')
    expect(textOf(forms[0])).toBe(
      new URLSearchParams({
        subject_token: 'robot.secret-assertion-1',
        subject_token_type: `${urn}token-type:access_token`,
        grant_type: `${urn}grant-type:token-exchange`,
        client_id: 'kubernetes',
      }).toString(),
    )
  })

  test('sends actor, types, audiences, resources and extra parameters', async () => {
    const { pod, exchange, forms } = await world()
    const { exitCode, stderr } = await pod.run(
      [
        ...exchange,
        '--subject-token-type=id_token',
        '--actor-token-type=urn:example:actor',
        '--requested-token-type=access_token',
        '--audience=kubernetes',
        '--audience=other',
        '--resource=https://api.example.com/a,b',
        '--oidc-auth-request-extra-params=connector_id=github',
      ],
      { env: { KUBECTL_OIDC_LOGIN_ACTOR_TOKEN: 'actor.secret' } },
    )
    expect(exitCode, stderr).toBe(0)
    const [form] = forms
    expect(form?.get('subject_token_type')).toBe(idTokenType)
    expect(form?.get('actor_token_type')).toBe('urn:example:actor')
    expect(form?.get('actor_token') === 'actor.secret').toBe(true)
    expect(form?.get('requested_token_type')).toBe(`${urn}token-type:access_token`)
    expect(form?.getAll('audience')).toEqual(['kubernetes', 'other'])
    expect(form?.getAll('resource')).toEqual(['https://api.example.com/a,b'])
    expect(form?.get('connector_id')).toBe('github')
  })

  test('an ID token that comes as the issued token is verified for the audience', async () => {
    const { pod, exchange } = await world()
    const args = [...exchange, '--requested-token-type=id_token', '--audience=cluster']
    const { exitCode, stdout, stderr } = await pod.run(args)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(claimsOf(tokenOf(stdout)).aud).toBe('cluster')
    expect(readSession(pod.sessions).subject).toBe('robot')
  })

  const forgeries: readonly (readonly [string, ScriptedHooks, RegExp])[] = [
    [
      'another audience',
      { idTokenClaims: (claims) => ({ ...claims, aud: 'elsewhere' }) },
      /claim "aud" is wrong.\n.*--audience/,
    ],
    [
      'another issuer',
      { idTokenClaims: (claims) => ({ ...claims, iss: 'https://evil.example' }) },
      /claim "iss" is wrong/,
    ],
    ['no subject', { idTokenClaims: ({ sub: _, ...claims }) => claims }, /"sub" is wrong/],
    ['an end in the past', { idTokenClaims: (claims) => ({ ...claims, exp: 1 }) }, /has expired/],
    [
      'a dawn in the future',
      { idTokenClaims: (claims) => ({ ...claims, iat: Number(claims.iat) + 1000 }) },
      /minutes in the future/,
    ],
    [
      'another signature',
      {
        token: (_, answer) => ({ ...answer, access_token: `${answer.access_token}`.slice(0, -8) }),
      },
      /its signature is wrong|malformed/,
    ],
    [
      'no JWT at all',
      { token: (_, answer) => ({ ...answer, access_token: 'opaque' }) },
      /malformed/,
    ],
    [
      'an algorithm that is not allowed',
      { discovery: (d) => ({ ...d, id_token_signing_alg_values_supported: ['ES256', 'none'] }) },
      /algorithm that is not allowed/,
    ],
    ['a key that is not published', { jwks: () => ({ keys: [] }) }, /does not publish/],
  ]

  test.each(forgeries)('an issued ID token with %s is not believed', async (_, hooks, says) => {
    const { pod, exchange } = await world(hooks)
    const { exitCode, stdout, stderr } = await pod.run([
      ...exchange,
      '--requested-token-type=id_token',
    ])
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
    expect(stderr).toMatch(says)
  })

  test('a provider that issues no ID token is met with the remedy', async () => {
    const { pod, exchange } = await world({ token: (_, { id_token: __, ...answer }) => answer })
    const { exitCode, stderr } = await pod.run(exchange)
    expect(exitCode).toBe(4)
    expect(stderr).toMatch(/no ID token\.\n.*--requested-token-type=id_token.*--oidc-use-access/)
    expect((await pod.run([...exchange, '--oidc-use-access-token'])).exitCode).toBe(0)
  })

  test('each audience and each type has its own session', async () => {
    const { pod, exchange } = await world()
    for (const more of [
      [],
      ['--audience=a'],
      ['--resource=https://a'],
      ['--requested-token-type=id_token'],
    ]) {
      expect((await pod.run([...exchange, ...more])).exitCode).toBe(0)
    }
    expect(sessionFiles(pod.sessions)).toHaveLength(4)
  })
})

describe('what is missing or contradicts is said before anything is asked', () => {
  test.each([
    [['--grant-type=jwt-bearer'], /--assertion-file is missing/],
    [['--grant-type=token-exchange'], /--subject-token-file is missing/],
    [['--assertion-file=x'], /--assertion-file needs --grant-type=jwt-bearer/],
    [
      ['--grant-type=jwt-bearer', '--assertion-file=x', '--subject-token-type=jwt'],
      /--subject-token-type needs --grant-type=token-exchange/,
    ],
    [['--grant-type=jwt-bearer', '--assertion-file=nowhere'], /nowhere cannot be read/],
  ])('%j', async (more, says) => {
    const { pod, provider, getToken } = await world()
    const { exitCode, stderr } = await pod.run([...getToken, ...more])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(says)
    expect(provider.requests).toEqual([])
  })

  test('an actor type without an actor, a file beside the environment, an empty file', async () => {
    const { pod, exchange, bearer, project, tokenFile } = await world()
    const noActor = await pod.run([...exchange, '--actor-token-type=jwt'])
    expect(noActor.stderr).toContain('--actor-token-file is missing')
    const env = { KUBECTL_OIDC_LOGIN_ASSERTION: 'ci.secret' }
    expect((await pod.run(bearer, { env })).stderr).toContain('exclude each other')
    project('')
    expect((await pod.run(bearer)).stderr).toContain('it is empty')
    rmSync(tokenFile)
    expect((await pod.run(bearer)).exitCode).toBe(2)
  })
})

describe('--oidc-client-assertion-file', () => {
  test('proves the client with the JWT of a file, read again at every use', async () => {
    const { pod, project, tokenFile, getToken, forms } = await world()
    const args = [
      ...getToken,
      '--grant-type=client-credentials',
      `--oidc-client-assertion-file=${tokenFile}`,
    ]
    for (const token of ['robot.secret-assertion-1', 'robot.secret-assertion-2']) {
      project(token)
      const { exitCode, stderr } = await pod.run([...args, '--force-refresh'])
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      const form = forms.at(-1)
      expect(form?.get('client_assertion') === token).toBe(true)
      expect(form?.get('client_id')).toBe('kubernetes')
      expect(form?.get('client_assertion_type')).toBe(`${urn}client-assertion-type:jwt-bearer`)
    }
  })

  test.each([
    ['--oidc-client-secret=robot-secret', /goes without secret/],
    ['--oidc-client-auth-method=none', /goes without secret/],
  ])('contradicts %s', async (option, says) => {
    const { pod, tokenFile, getToken } = await world()
    const { exitCode, stderr } = await pod.run([
      ...getToken,
      `--oidc-client-assertion-file=${tokenFile}`,
      option,
    ])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(says)
  })
})

test('--audience and --resource are part of a sign-in by browser, too', async () => {
  const seen: URLSearchParams[] = []
  const { pod, getToken, forms } = await world({
    authorize: (redirect, query) => {
      seen.push(query)
      return redirect
    },
  })
  const args = [...getToken, '--resource=https://a', '--resource=https://b']
  const { exitCode, stderr } = await pod.run(args)
  expect(exitCode, stderr).toBe(0)
  expect((await pod.run([...args, '--force-refresh'])).exitCode).toBe(0)
  const resources = [...seen, ...forms].map((form) => form.getAll('resource'))
  expect(resources).toEqual(Array(3).fill(['https://a', 'https://b']))
})
