import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import { sessionFiles } from '../world/sessions.ts'
import { computer, stopped } from '../world/world.ts'

/** John with a kubeconfig that was written for int128/kubelogin, and what his provider is asked. */
async function world() {
  const john = await computer()
  const forms: URLSearchParams[] = []
  const headers: string[] = []
  const provider = stopped(
    await startScriptedProvider({
      authority: john.authority,
      hooks: {
        token: ({ form, authorization }, answer) => {
          forms.push(form)
          headers.push(authorization === undefined ? 'none' : 'basic')
          return answer
        },
      },
    }),
  )
  const base = [`--oidc-issuer-url=${provider.issuer}`, '--oidc-client-id=kubernetes']
  const trust = `--certificate-authority=${john.caPath}`
  return { john, provider, forms, headers, base, trust }
}

/** What int128/kubelogin 1.36 asks of the provider with the same words, as was seen by running it. */
interface Asked {
  readonly scope?: string
  readonly pkce?: boolean
  readonly more?: Readonly<Record<string, string>>
  readonly redirectUri?: RegExp
}

const lines: readonly (readonly [readonly string[], Asked])[] = [
  [[], {}],
  [['--oidc-extra-scope=a,b', '--oidc-extra-scope', 'c'], { scope: 'a b c openid' }],
  [['--oidc-extra-scope="a,b",c'], { scope: 'a,b c openid' }],
  [['--oidc-extra-scope='], { scope: 'openid' }],
  [['--oidc-extra-scope=a b'], { scope: 'a b openid' }],
  [['--oidc-auth-request-extra-params=a=1,b=2'], { more: { a: '1', b: '2' } }],
  [['--oidc-auth-request-extra-params=a=1,2'], { more: { a: '1,2' } }],
  [['--oidc-auth-request-extra-params', 'a=b=c'], { more: { a: 'b=c' } }],
  [['--oidc-auth-request-extra-params="a=1,2",b=3'], { more: { a: '1,2', b: '3' } }],
  [['--oidc-auth-request-extra-params="a=1"'], { more: { a: '1' } }],
  [
    ['--oidc-auth-request-extra-params=a=1', '--oidc-auth-request-extra-params=a=2,b=x'],
    { more: { a: '2', b: 'x' } },
  ],
  [
    ['--oidc-auth-request-extra-params=claims={"id_token":{"groups":null}}'],
    { more: { claims: '{"id_token":{"groups":null}}' } },
  ],
  [['--oidc-pkce-method', 'S256'], { pkce: true }],
  [['--oidc-pkce-method=no'], { pkce: false }],
  [['--oidc-use-pkce'], { pkce: true }],
  [['--oidc-use-pkce', '--oidc-pkce-method=no'], { pkce: true }],
  [['--oidc-use-pkce=false', '--oidc-pkce-method=no'], { pkce: false }],
  [['--oidc-redirect-url=http://localhost/cb'], { redirectUri: /^http:\/\/localhost\/cb$/ }],
  [['--listen-address='], {}],
  [['--insecure-skip-tls-verify=false'], {}],
  [['--tls-renegotiation-once', '--tls-renegotiation-freely=true'], {}],
  [['--grant-type', 'authcode', '--username=u', '--password=the-password'], {}],
  [['--authentication-timeout-sec=1_000'], {}],
  [['--authentication-timeout-sec', '99999999'], {}],
  [['--oidc-client-secret', ''], {}],
  [['--oidc-client-id=other', '--oidc-client-id=kubernetes'], {}],
  [['--oidc-use-access-token=1', '--force-refresh'], {}],
  [['--token-cache-storage', 'none'], {}],
  [['--token-cache-dir=~/cache'], {}],
  [
    ['--local-server-cert=~/callback.crt', '--local-server-key=~/callback.key'],
    { redirectUri: /^https:/ },
  ],
  [['--open-url-after-authentication=example'], {}],
  [['-v', '1'], {}],
  [['-v=2'], {}],
  [['-v3'], {}],
  [['--v=1'], {}],
  [['--logtostderr', '--vmodule=a=1,b=2', '--stderrthreshold', '2'], {}],
  [['--logtostderr=false', '--log_file=/tmp/x', '--log_dir=/tmp', '--log_file_max_size=1'], {}],
  [['--alsologtostderr', '--add_dir_header', '--one_output', '--skip_headers'], {}],
  [['--skip_log_headers', '--log_backtrace_at=a.go:1', '--alsologtostderrthreshold=1'], {}],
  [['--legacy_stderr_threshold_behavior=false', '--'], {}],
]

describe("kubelogin's exact command lines are accepted and mean the same", () => {
  test.each(lines)(
    '%j',
    async (line, { scope = 'openid', pkce = true, more = {}, redirectUri }) => {
      const { john, base, trust } = await world()
      const callback = await john.authority.issue({ commonName: 'localhost' })
      writeFileSync(join(john.home, 'callback.crt'), callback.certPem)
      writeFileSync(join(john.home, 'callback.key'), callback.keyPem)
      const listen = line.some((word) => word.startsWith('--listen-address'))
        ? []
        : ['--listen-address=127.0.0.1:0']
      const run = john.start([
        'get-token',
        ...base,
        trust,
        '--skip-open-browser',
        ...listen,
        ...line,
      ])
      const [url = ''] = await run.said(/https:\S+\/authorize\?\S+/)
      run.child.kill('SIGKILL')
      await run.ended
      const query = new URL(url).searchParams
      expect(query.get('redirect_uri')).toMatch(redirectUri ?? /^http:\/\/localhost:\d+$/)
      expect(query.has('code_challenge')).toBe(pkce)
      for (const name of [
        'state',
        'nonce',
        'redirect_uri',
        'code_challenge',
        'code_challenge_method',
      ]) {
        query.delete(name)
      }
      expect(Object.fromEntries(query)).toEqual({
        access_type: 'offline',
        client_id: 'kubernetes',
        response_type: 'code',
        scope,
        ...more,
      })
    },
  )

  test('options may stand before the command', async () => {
    const { john, base, trust } = await world()
    const [issuer = '', client = ''] = base
    const run = john.start([
      '-v=0',
      ...issuer.split('='),
      '--skip-open-browser',
      'get-token',
      client,
      trust,
      '--listen-address=127.0.0.1:0',
    ])
    await run.said(/https:\S+\/authorize\?\S+/)
    run.child.kill('SIGKILL')
    await run.ended
  })

  const machines: readonly (readonly [
    readonly string[],
    Readonly<Record<string, string>>,
    string,
  ])[] = [
    [
      ['--username=john', '--password=john-password', '--oidc-extra-scope=email'],
      { grant_type: 'password', username: 'john', scope: 'email openid', client_id: 'kubernetes' },
      'none',
    ],
    [
      [
        '--grant-type=client-credentials',
        '--oidc-client-secret=-starts-with-a-dash',
        '--oidc-auth-request-extra-params=audience=x,y=z',
        '--listen-address=127.0.0.1:1',
      ],
      { grant_type: 'client_credentials', scope: 'openid', audience: 'x', y: 'z' },
      'basic',
    ],
  ]

  test.each(machines)('%j', async (line, form, authorization) => {
    const { john, forms, headers, base, trust } = await world()
    const { exitCode, stderr } = await john.run(['get-token', ...base, trust, ...line])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    forms[0]?.delete('password')
    expect(Object.fromEntries(forms[0] ?? [])).toEqual(form)
    expect(headers).toEqual([authorization])
  })

  test('what is deprecated or cannot be used is told once, and does not end the sign-in', async () => {
    const { john, base, trust } = await world()
    const args = [...base, trust, '--oidc-use-pkce', '--open-url-after-authentication=javascript:x']
    const { exitCode, stderr } = await john.run([
      'get-token',
      ...args,
      ...john.options('').filter((option) => /listen-address|browser-command/.test(option)),
    ])
    expect(exitCode, stderr).toBe(0)
    expect(stderr.match(/--oidc-use-pkce is deprecated/g)).toHaveLength(1)
    expect(stderr.match(/not an http or https URL: --open-url-after-auth/g)).toHaveLength(1)
  })

  test('clean takes --token-cache-dir with ~, and version takes the options of the log', async () => {
    const { john, base, trust } = await world()
    const robot = ['--grant-type=client-credentials', '--oidc-client-secret=robot-secret']
    await john.run(['get-token', ...base, trust, ...robot, '--token-cache-dir=~/cache'])
    expect(sessionFiles(join(john.home, 'cache'))).toHaveLength(1)
    const cleaned = await john.run(['clean', '--token-cache-dir=~/cache', '--logtostderr'])
    expect(cleaned.stderr).toContain(`Deleted 1 session from ${join(john.home, 'cache')}`)
    expect((await john.run(['--v', '1', 'version', '--one_output=true'])).exitCode).toBe(0)
  })
})

test.each([
  [['extra']],
  [['--skip-open-browser=yes']],
  [['--authentication-timeout-sec=1.5']],
  [['--oidc-extra-scope="a']],
  [['--oidc-request-header=x']],
  [['--oidc-auth-request-extra-params=a=b=c,d']],
  [['--grant-type=x']],
  [['--oidc-pkce-method=plain']],
  [['--token-cache-storage=x']],
  [['--local-server-cert=x']],
  [['--certificate-authority=nowhere']],
  [['--v=x']],
  [['--stderrthreshold']],
])('what kubelogin refuses is refused: %j', async (line) => {
  const john = await computer()
  const args = ['get-token', '--oidc-issuer-url=http://127.0.0.1:9', '--oidc-client-id=x', ...line]
  const { exitCode, stdout } = await john.run(args)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
})
