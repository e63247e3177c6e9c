import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { startProvider } from '../world/provider.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import type { TokenRequest } from '../world/scripted-provider-hooks.ts'
import { claimsOf, computer, stopped, tokenOf } from '../world/world.ts'

async function world() {
  const john = await computer()
  const seen: TokenRequest[] = []
  const provider = stopped(
    await startScriptedProvider({
      authority: john.authority,
      hooks: {
        token: (request, answer) => {
          seen.push(request)
          return answer
        },
      },
    }),
  )
  const write = (name: string, text: string): string => {
    const path = join(john.home, name)
    writeFileSync(path, text)
    return path
  }
  const options = john.options(provider.issuer)
  return { john, provider, seen, write, getToken: ['get-token', ...options] }
}

const secret = '--oidc-client-secret=robot-secret'

test.each([
  ['the secret goes by HTTP Basic', [secret], true, null],
  [
    '--oidc-client-auth-method=client_secret_post sends it in the body',
    [secret, '--oidc-client-auth-method=client_secret_post'],
    false,
    'robot-secret',
  ],
  [
    'without a secret the client only names itself',
    ['--oidc-client-auth-method=none'],
    false,
    null,
  ],
])('%s', async (_, more, isBasic, inBody) => {
  const { john, seen, getToken } = await world()
  const { exitCode, stderr } = await john.run([...getToken, ...more])
  expect(exitCode, stderr).toBe(0)
  expect(seen).toHaveLength(1)
  expect(seen[0]?.authorization?.startsWith('Basic ') === true).toBe(isBasic)
  expect(seen[0]?.form.get('client_secret') === inBody).toBe(true)
})

describe('private_key_jwt at a real provider', () => {
  const pairs = {
    'RSA, PKCS #8': generateKeyPairSync('rsa', { modulusLength: 2048 }),
    'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    Ed25519: generateKeyPairSync('ed25519'),
  }
  const algorithms: Readonly<Record<string, string>> = {
    'RSA, PKCS #8': 'RS256',
    'P-256': 'ES256',
    Ed25519: 'Ed25519',
  }

  async function realWorld(name: keyof typeof pairs) {
    const john = await computer()
    const { privateKey, publicKey } = pairs[name]
    const jwk = {
      ...(await exportJWK(publicKey)),
      kid: 'laptop',
      alg: algorithms[name],
      use: 'sig',
    }
    const provider = stopped(
      await startProvider({
        authority: john.authority,
        clients: [
          {
            client_id: 'robot',
            token_endpoint_auth_method: 'private_key_jwt',
            grant_types: ['authorization_code', 'refresh_token'],
            response_types: ['code'],
            application_type: 'native',
            redirect_uris: ['http://localhost:8000'],
            jwks: { keys: [jwk] },
          },
        ],
      }),
    )
    const args = ['get-token', ...john.options(provider.issuer, '--oidc-client-id=robot')]
    return { john, args, privateKey }
  }

  test.each(['RSA, PKCS #8', 'P-256', 'Ed25519'] as const)('with a PEM key: %s', async (name) => {
    const { john, args, privateKey } = await realWorld(name)
    const path = join(john.home, 'client.pem')
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const { exitCode, stdout, stderr } = await john.run([
      ...args,
      '--oidc-client-key=~/client.pem',
      '--oidc-client-key-id=laptop',
    ])
    expect(exitCode, stderr).toBe(0)
    expect(claimsOf(tokenOf(stdout)).aud).toBe('robot')
  })

  test('with a JWK that names its id', async () => {
    const { john, args, privateKey } = await realWorld('P-256')
    const path = join(john.home, 'client.jwk')
    writeFileSync(path, JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'laptop' }))
    const { exitCode, stderr } = await john.run([
      ...args,
      `--oidc-client-key=${path}`,
      '--oidc-client-auth-method=private_key_jwt',
    ])
    expect(exitCode, stderr).toBe(0)
  })

  test('a key that the provider does not know is refused', async () => {
    const { john, args } = await realWorld('P-256')
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    const path = join(john.home, 'client.pem')
    writeFileSync(path, stranger.export({ type: 'sec1', format: 'pem' }))
    const { exitCode, stderr } = await john.run([...args, `--oidc-client-key=${path}`])
    expect(exitCode).toBe(4)
    expect(stderr).toMatch(/does not accept this client.*\n.*--oidc-client-auth-method/)
  })
})

describe('mTLS', () => {
  test('the certificate is shown, and the endpoints for certificates are used', async () => {
    const { john, provider, seen, write, getToken } = await world()
    const issued = await john.authority.issue({ commonName: 'robot', client: true })
    provider.hooks.discovery = (document) => ({
      ...document,
      token_endpoint: `${provider.issuer}/only-without-certificate`,
      mtls_endpoint_aliases: { token_endpoint: `${provider.issuer}/token` },
    })
    const { exitCode, stderr } = await john.run([
      ...getToken,
      `--oidc-client-certificate=${write('client.pem', issued.certPem)}`,
      `--oidc-client-certificate-key=${write('client.key', issued.keyPem)}`,
    ])
    expect(exitCode, stderr).toBe(0)
    expect(seen.map(({ certificate }) => certificate)).toEqual(['robot'])
    expect(seen[0]?.form.get('client_id')).toBe('kubernetes')
  })

  test('a certificate can be shown by a client that proves itself with a secret', async () => {
    const { john, seen, write, getToken } = await world()
    const issued = await john.authority.issue({ commonName: 'robot', client: true })
    const { exitCode, stderr } = await john.run([
      ...getToken,
      secret,
      `--oidc-client-certificate=${write('client.pem', issued.certPem)}`,
      `--oidc-client-certificate-key=${write('client.key', issued.keyPem)}`,
    ])
    expect(exitCode, stderr).toBe(0)
    expect(seen[0]?.certificate).toBe('robot')
    expect(seen[0]?.authorization?.startsWith('Basic ')).toBe(true)
  })
})

describe('options that cannot be used', () => {
  test.each([
    [['--oidc-client-auth-method=client_secret_post'], /needs --oidc-client-secret-file/],
    [['--oidc-client-auth-method=private_key_jwt'], /needs --oidc-client-key/],
    [['--oidc-client-auth-method=tls_client_auth'], /needs --oidc-client-certificate/],
    [['--oidc-client-auth-method=none', secret], /none does not use --oidc-client-secret/],
    [['--oidc-client-key-id=laptop'], /needs --oidc-client-key/],
    [['--oidc-client-certificate=x.pem'], /belong together/],
    [['--oidc-client-key=/does/not/exist'], /\/does\/not\/exist cannot be read/],
  ])('%s', async (more, says) => {
    const { john, provider, getToken } = await world()
    const { exitCode, stdout, stderr } = await john.run([...getToken, ...more])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(says)
    expect(provider.requests).toEqual([])
  })

  test('a key file without a key, and a pair that is none, are named', async () => {
    const { john, write, getToken } = await world()
    const one = await john.authority.issue({ commonName: 'one', client: true })
    const other = await john.authority.issue({ commonName: 'other', client: true })
    const noKey = await john.run([...getToken, `--oidc-client-key=${write('key', 'hello')}`])
    expect(noKey.exitCode).toBe(2)
    expect(noKey.stderr).toMatch(/holds no private key that can sign\.\nGive an RSA/)
    const mixed = await john.run([
      ...getToken,
      `--oidc-client-certificate=${write('client.pem', one.certPem)}`,
      `--oidc-client-certificate-key=${write('client.key', other.keyPem)}`,
    ])
    expect(mixed.exitCode).toBe(2)
    expect(mixed.stderr).toMatch(/not a certificate and its private key\.\nGive PEM files/)
  })
})
