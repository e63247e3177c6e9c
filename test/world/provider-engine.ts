/** The module `oidc-provider`. */
export type Engine = typeof import('oidc-provider')

let engine: Promise<Engine> | undefined

/**
 * Loads `oidc-provider`. On the oldest Node that we support it prints, while it is imported, that
 * it would rather have a newer one; there is no setting for that, and everything that the tests use
 * works, so that one line is kept from the console.
 */
export async function loadEngine(): Promise<Engine> {
  engine ??= importQuietly()
  return await engine
}

async function importQuietly(): Promise<Engine> {
  const { warn } = console
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).includes('Unsupported runtime')) warn(...words)
  }
  try {
    return await import('oidc-provider')
  } finally {
    console.warn = warn
  }
}
