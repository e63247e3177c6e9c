import { OidcLoginError } from '../../../errors.ts'
import { type Check, failed, ok } from '../../../findings/index.ts'
import { countKeys } from '../../authentication/index.ts'
import type { Issuer } from '../../config/index.ts'
import type { DoctorContext } from '../context.ts'

/** Can the keys of each provider be loaded from here? */
export const providersCheck: Check<DoctorContext> = {
  name: 'providers',
  needs: ['configuration'],
  async run(context) {
    const { jwt } = context.loaded().authentication
    const results = await Promise.all(jwt.map(({ issuer }) => load(context, issuer)))
    const lines = results.map(({ line }) => line)
    const bad = results.filter(({ isGood }) => !isGood)
    if (bad.length === 0) return ok('Discovery and keys can be loaded.', lines)
    return failed(
      bad.length === jwt.length
        ? 'No keys can be loaded, so nobody can sign in.'
        : `The keys of ${bad.length} of ${jwt.length} providers cannot be loaded.`,
      'Check url, discoveryURL and certificateAuthority, and the way from this computer.',
      lines,
    )
  },
}

async function load(
  { system }: DoctorContext,
  issuer: Issuer,
): Promise<{ readonly isGood: boolean; readonly line: string }> {
  try {
    const keys = await countKeys(issuer, system.http, system.interrupted)
    const count = keys === 1 ? 'one key' : `${keys} keys`
    return { isGood: true, line: `${issuer.url}: ${count}` }
  } catch (error) {
    system.interrupted.throwIfAborted()
    // The sentences of these errors are ours; others may quote anything.
    const isOurs =
      error instanceof OidcLoginError || (error instanceof Error && error.name === 'Error')
    return { isGood: false, line: `${issuer.url}: ${isOurs ? error.message : 'unexpected error'}` }
  }
}
