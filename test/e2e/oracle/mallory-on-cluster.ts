import fc from 'fast-check'
import { createAuthority } from '../../world/certificates.ts'
import { load } from '../../world/gateway/in-force.ts'
import {
  john,
  malloryClaims,
  type Setup,
  setups,
  type TokenClaims,
} from '../../world/gateway/mallory.ts'
import { newSigningKey, signToken, startTokenIssuer } from '../../world/token-issuer.ts'
import { inParallel } from './in-parallel.ts'
import { askWith, judgeAt } from './judges.ts'
import type { OracleWorld } from './world.ts'

/** How many configurations are tried, and with how many tokens of Mallory's each. */
const [configurations, tokens] = [24, 6]

/**
 * Lets Mallory try to be John, or an administrator, in configurations that the gateway accepts, in front of
 * a cluster that lets the gateway impersonate anybody at all.
 *
 * @returns what she got and should not have, and how often she was let in
 */
export async function malloryOnCluster(
  world: OracleWorld,
  seed: number,
): Promise<{ readonly faults: readonly string[]; readonly admitted: number }> {
  const accepted = acceptedSetups(seed)
  const authority = await createAuthority()
  const issuer = await startTokenIssuer(authority)
  const key = newSigningKey('ES256', 'key')
  issuer.publish(key.jwk)
  const urls = accepted.map((_, index) => `${issuer.url}/${index}`)
  for (const [index, url] of urls.entries()) {
    const document = { issuer: url, jwks_uri: `${issuer.url}/keys` }
    const path = `/${index}/.well-known/openid-configuration`
    issuer.answer(path, { body: JSON.stringify(document) })
  }
  const gateway = await world.gatewayWith(
    accepted.map(({ jwt }, index) => ({
      ...jwt,
      issuer: {
        url: urls[index],
        audiences: ['cli'],
        certificateAuthority: authority.certPem,
      },
    })),
  )
  const ask = judgeAt(gateway)
  const tokenOf = (iss: string, claims: TokenClaims): string =>
    signToken(key, {
      iss,
      aud: 'cli',
      iat: world.press.now,
      exp: world.press.now + 3000,
      ...claims,
    })

  const visits = await inParallel(urls, async (url) => {
    const johns = await ask(tokenOf(url, john))
    const name = johns.kind === 'user' ? johns.user.username : 'john'
    const all = fc.sample(malloryClaims([name]), { seed, numRuns: tokens })
    const outcomes = await inParallel(all, async (claims) => {
      const token = tokenOf(url, claims)
      const verdict = await ask(token)
      if (verdict.kind === 'refused') return undefined
      const { username, groups } = verdict.user
      const secrets = await askWith(gateway, '/api/v1/secrets', [
        ['Authorization', `Bearer ${token}`],
      ])
      const isBad =
        username === name ||
        [username, ...groups].some((text) => /^system:(?!authenticated$)/.test(text)) ||
        secrets.status !== 403
      return { isBad, text: `${username} in ${groups.join()}: ${JSON.stringify(claims)}` }
    })
    return outcomes.flatMap(([, outcome]) => outcome ?? [])
  })
  await issuer.stop()
  const outcomes = visits.flatMap(([url, list]) =>
    list.map(({ isBad, text }) => ({
      isBad,
      text: `${JSON.stringify(accepted[urls.indexOf(url)])} ${text}`,
    })),
  )
  return {
    faults: outcomes.flatMap(({ isBad, text }) => (isBad ? [text] : [])),
    admitted: outcomes.length,
  }
}

function acceptedSetups(seed: number): readonly Setup[] {
  const accepted: Setup[] = []
  for (const setup of fc.sample(setups, { seed, numRuns: configurations * 8 })) {
    if (load(setup) !== undefined) accepted.push(setup)
    if (accepted.length === configurations) break
  }
  return accepted
}
