// The embedded provider in a process of its own, so that it shares no event loop with whoever holds the watch. Prints its issuer and
// its authority as one line of JSON, and ends when its stdin does.
import { createAuthority } from '../../world/certificates.ts'
import { startProvider } from '../../world/provider.ts'

const provider = await startProvider({
  authority: await createAuthority(),
  refreshTokens: 'always',
})
console.log(JSON.stringify({ issuer: provider.issuer, caPem: provider.caPem }))
process.stdin.resume().once('end', () => process.exit(0))
