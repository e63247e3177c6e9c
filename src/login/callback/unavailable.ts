import { OidcLoginError } from '../../errors.ts'
import type { System } from '../../system/index.ts'
import { findPortHolder } from '../../system/index.ts'
import type { ListenAddress } from './addresses.ts'

/** An address that could not be had, and what the operating system said (`EADDRINUSE` …). */
export interface FailedAddress {
  readonly address: ListenAddress
  readonly code: string
}

/**
 * Explains why there is nowhere to listen, and names the programs that hold the ports.
 *
 * @param redirectUris what the provider must know for each address, as far as it is fixed
 */
export async function noAddressAvailable(
  system: Pick<System, 'process'>,
  failed: readonly FailedAddress[],
  redirectUris: readonly string[],
): Promise<OidcLoginError> {
  const reasons = await Promise.all(failed.map((failure) => explain(system, failure)))
  const hint = [
    'Stop the program that is in the way, or give another --listen-address;',
    'with 127.0.0.1:0 any free port is taken.',
    ...(redirectUris.length === 0
      ? []
      : [`The provider must have registered the redirect URI: ${redirectUris.join(' or ')}.`]),
  ]
  return new OidcLoginError(
    'listen_address_unavailable',
    `The browser's answer cannot be received: ${reasons.join('; ')}.`,
    { hint: hint.join(' ') },
  )
}

async function explain(
  system: Pick<System, 'process'>,
  { address, code }: FailedAddress,
): Promise<string> {
  const { platform } = system.process
  // Windows says EACCES too when the other program wants the port for itself alone.
  if (code === 'EADDRINUSE' || (code === 'EACCES' && platform === 'win32')) {
    const holder = await findPortHolder(platform, address.port)
    if (holder) return `${address.text} is in use by ${holder.name} (process ${holder.pid})`
  }
  return `${address.text} ${reasonOf(code, platform, address.port)} (${code})`
}

function reasonOf(code: string, platform: NodeJS.Platform, port: number): string {
  if (code !== 'EACCES') return reasons[code] ?? 'cannot be opened'
  if (platform === 'win32') return 'is reserved by Windows or by another program'
  return port < 1024
    ? 'is for administrators only, like all ports below 1024'
    : 'is forbidden to this user'
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use by another program',
  EADDRNOTAVAIL: 'is not an address of this computer',
  ENOTFOUND: 'has an unknown host name',
  EAI_AGAIN: 'has a host name that could not be looked up',
}
