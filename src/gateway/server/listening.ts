import { OidcLoginError, systemErrorCode } from '../../errors.ts'

/**
 * Begins to listen.
 *
 * @returns the port
 * @throws OidcLoginError `address_unavailable`
 */
export async function listening(
  { host, port }: { readonly host: string; readonly port: number },
  listen: () => Promise<number>,
): Promise<number> {
  try {
    return await listen()
  } catch (error) {
    const code = systemErrorCode(error)
    const why = code === 'EADDRINUSE' ? 'another program holds it' : (code ?? 'unknown error')
    throw new OidcLoginError(
      'address_unavailable',
      `Nothing can listen on ${host}:${port}: ${why}.`,
      {
        hint: 'End that program, or choose another address in the configuration.',
        cause: error,
      },
    )
  }
}
