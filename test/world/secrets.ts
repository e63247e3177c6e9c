/** Parameters and members of the protocol whose value only the client and the provider may know. */
const secretNames: ReadonlySet<string> = new Set([
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
])

/** Shorter values are made up by a test, and could be found in any text. */
const shortest = 8

const known = new Map<string, string>()

/** Remembers the secrets among the parameters that a provider of this test process issues or receives. */
export function noteSecrets(parameters: Iterable<readonly [name: string, value: unknown]>): void {
  for (const [name, value] of parameters) {
    if (typeof value !== 'string' || value.length < shortest || !secretNames.has(name)) continue
    known.set(value, name)
  }
}

/** Remembers what a header `Authorization` proves: its text, and the secret of a Basic one. */
export function noteAuthorization(header: string | undefined): void {
  const [, scheme, proof = ''] = /^(\S+) (\S+)$/.exec(header ?? '') ?? []
  noteSecrets([['token', proof]])
  if (scheme?.toLowerCase() !== 'basic') return
  const [, secret = ''] = Buffer.from(proof, 'base64').toString('utf8').split(':')
  noteSecrets([['client_secret', decodeURIComponent(secret.replaceAll('+', ' '))]])
}

/**
 * Names of the secrets that a text holds, as they are or percent-encoded. The values are not told: a
 * failing test prints what it compares.
 */
export function secretsIn(text: string): string[] {
  return [...known]
    .filter(([value]) => text.includes(value) || text.includes(encodeURIComponent(value)))
    .map(([, name]) => name)
}

/** Names of the secrets that are known by now, sorted, each once. */
export function knownSecrets(): string[] {
  return [...new Set(known.values())].sort()
}
