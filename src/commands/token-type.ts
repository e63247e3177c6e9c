const prefix = 'urn:ietf:params:oauth:token-type:'

/** The types that RFC 8693 §3 registers, which may be written without their prefix. */
const registered: ReadonlySet<string> = new Set([
  'access_token',
  'refresh_token',
  'id_token',
  'saml1',
  'saml2',
  'jwt',
])

/** The URI of a token type (RFC 8693 §3): `id_token` stands for its long form, another text for itself. */
export function tokenTypeUri(name: string): string {
  return registered.has(name) ? prefix + name : name
}
