import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { storeSession } from '../../test/world/sessions.ts'
import { testSystem } from '../../test/world/system.ts'
import type { Session } from '../session/index.ts'
import type { HttpClient, System } from '../system/index.ts'
import { cachedCredential } from './cached-credential.ts'
import { runProgram } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'oidc-login-cached-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const issuer = 'https://sso.example.com'
const now = Date.parse('2026-01-01T00:00:00Z')
const digestOfOther = 'a'.repeat(64)

/** A session that is fresh, and what makes it another one or not fresh. */
const session: fc.Arbitrary<Partial<Session>> = fc
  .record(
    {
      refreshAt: fc.constantFrom(now - 1, now, now + 1, now + 60_000),
      obtainedAt: fc.constantFrom(now - 1000, now + 59_999, now + 60_000, now + 60_001),
      proof: fc.constantFrom(undefined, digestOfOther),
      token: fc.constantFrom('a.b.c', ''),
    },
    { requiredKeys: [] },
  )
  .map((changes) => ({
    obtainedAt: now - 1000,
    refreshAt: now + 1000,
    expiresAt: now + 2000,
    ...changes,
  }))

/** What lies in the place of the file. */
const damage = fc.constantFrom(undefined, undefined, undefined, '', '{', '{"version":2}', '[]')

const words = fc
  .array(
    fc.constantFrom(
      ...[
        '--oidc-client-id=other',
        '--force-refresh',
        '--force-refresh=false',
        '-v=1',
        '-v=0',
        '--v=0',
      ],
      ...[
        '--token-cache-storage=disk',
        '--token-cache-storage=none',
        '--username=john',
        '--profile=work',
      ],
      ...[
        '--grant-type=authcode',
        '--grant-type=jwt-bearer',
        '--assertion-file=/nowhere',
        '--nonsense',
      ],
      ...[
        '--oidc-extra-scope=openid',
        '--oidc-extra-scope=email',
        '--oidc-use-access-token',
        'word',
      ],
      ...['--token-cache-dir=/nowhere/at/all', '--request-timeout-sec=x', '--oidc-issuer-url='],
    ),
    { maxLength: 2 },
  )
  .map((more) => [
    'get-token',
    `--oidc-issuer-url=${issuer}`,
    '--oidc-client-id=kubernetes',
    `--token-cache-dir=${folder}`,
    ...more,
  ])

const execInfo = fc.constantFrom(
  undefined,
  '{"apiVersion":"client.authentication.k8s.io/v1","spec":{"interactive":false}}',
  '{"apiVersion":"client.authentication.k8s.io/v1beta1","spec":{"interactive":true}}',
  '{"apiVersion":"client.authentication.k8s.io/v1alpha1"}',
  'nonsense',
)

/** The long way ends at the network, where it would sign in. */
const noNetwork: HttpClient = {
  connect: () => () => Promise.reject(new Error('the long way goes to the network')),
}

/** What the whole program prints; undefined when it prints no credential. */
async function byTheLongWay(system: System, args: readonly string[]): Promise<string | undefined> {
  let printed = ''
  const terminal = {
    ...system.terminal,
    stdout: (text: string) => {
      printed += text
    },
  }
  await runProgram({ ...system, terminal, http: noNetwork }, args).catch(() => undefined)
  return printed === '' ? undefined : printed
}

function byTheShortWay(system: System, args: readonly string[]): string | undefined {
  try {
    return cachedCredential(system, args)
  } catch {
    return undefined
  }
}

test('the short way answers as the long way does, and where that answers from a plain file', async () => {
  await fc.assert(
    fc.asyncProperty(session, damage, words, execInfo, async (stored, text, args, info) => {
      const path = await storeSession(folder, { issuer, ...stored })
      if (text !== undefined) writeFileSync(path, text)
      const { system } = testSystem({
        now,
        env: info === undefined ? {} : { KUBERNETES_EXEC_INFO: info },
      })
      const short = byTheShortWay(system, args)
      const long = await byTheLongWay(system, args)
      const isTraced = args.includes('-v=1') || args.includes('-v=0')
      expect(short).toBe(isTraced ? undefined : long)
    }),
    { numRuns: 200 },
  )
}, 60_000)
