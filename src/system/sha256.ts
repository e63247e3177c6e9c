/** SHA-256 of a text in UTF-8, as 64 hexadecimal digits. */
export function sha256Hex(text: string): string {
  const { Bun: bun } = globalThis as { readonly Bun?: Bun }
  // In a Bun executable, the module costs as much as all the rest of a cached get-token.
  if (bun !== undefined) return bun.SHA256.hash(text, 'hex')
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex')
}

/** What of Bun's own functions is used (https://bun.com/docs/runtime/hashing). */
interface Bun {
  readonly SHA256: { hash(text: string, encoding: 'hex'): string }
}
