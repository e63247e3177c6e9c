import { expect, test } from 'vitest'
import type { HttpOptions } from '../../system/index.ts'
import { providerDocuments } from './discovery.ts'

/** How a provider is connected to. */
function connectionTo(certificateAuthority: string | undefined): HttpOptions | undefined {
  let connection: HttpOptions | undefined
  const issuer = {
    url: 'https://sso.example.com',
    discoveryURL: undefined,
    certificateAuthority,
    audiences: ['kubernetes'],
  }
  providerDocuments(issuer, {
    connect(options) {
      connection = options
      return async () => new Response()
    },
  })
  return connection
}

test('C23 the authority of the configuration stands in the place of those of the system', () => {
  expect(connectionTo('PEM')).toMatchObject({
    certificateAuthorities: ['PEM'],
    trustsOnlyThem: true,
  })
  expect(connectionTo(undefined)).not.toHaveProperty('certificateAuthorities')
})

test('C23 a request has a deadline, and nothing turns the check of certificates off', () => {
  expect(connectionTo('PEM')).toMatchObject({ timeoutMs: 10_000 })
  expect(connectionTo('PEM')).not.toHaveProperty('insecureSkipTlsVerify')
})
