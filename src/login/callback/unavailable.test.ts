import { describe, expect, it } from 'vitest'
import { parseListenAddresses } from './addresses.ts'
import { noAddressAvailable } from './unavailable.ts'

/** Port 1 of loopback (tcpmux) has no holder anywhere. */
async function explain(code: string, text: string, platform: NodeJS.Platform): Promise<string> {
  const [address] = parseListenAddresses([text])
  if (address === undefined) throw new Error('unreachable')
  const process = { pid: 1, parentPid: 1, uid: 1, platform, home: undefined, startedAt: 0 }
  const error = await noAddressAvailable({ process }, [{ address, code }], ['http://localhost:1'])
  return error.message
}

describe('noAddressAvailable()', () => {
  it('explains a port of administrators', async () => {
    expect(await explain('EACCES', '127.0.0.1:1', 'linux')).toContain(
      '127.0.0.1:1 is for administrators only, like all ports below 1024 (EACCES)',
    )
    expect(await explain('EACCES', '127.0.0.1:8000', 'linux')).toContain('forbidden to this user')
  })

  it('explains a port that Windows keeps', async () => {
    expect(await explain('EACCES', '127.0.0.1:1', 'win32')).toContain('is reserved by Windows')
  })

  it('does without the name of the holder when nobody tells it', async () => {
    expect(await explain('EADDRINUSE', '127.0.0.1:1', 'linux')).toContain(
      '127.0.0.1:1 is in use by another program (EADDRINUSE)',
    )
  })

  it('explains addresses that cannot be ours', async () => {
    expect(await explain('EADDRNOTAVAIL', '192.0.2.1:1', 'linux')).toContain(
      'not an address of this',
    )
    expect(await explain('ENOTFOUND', 'nowhere.invalid:1', 'linux')).toContain('unknown host name')
    expect(await explain('EWHATEVER', '127.0.0.1:1', 'linux')).toContain('EWHATEVER')
  })

  it('names every address, and every redirect URI that must be registered', async () => {
    const failed = parseListenAddresses(['127.0.0.1:1', '127.0.0.1:2']).map((address) => ({
      address,
      code: 'EACCES',
    }))
    const process = {
      pid: 1,
      parentPid: 1,
      uid: 1,
      platform: 'linux' as const,
      home: undefined,
      startedAt: 0,
    }
    const uris = ['http://localhost:1', 'http://localhost:2']
    const error = await noAddressAvailable({ process }, failed, uris)
    expect(error.code).toBe('listen_address_unavailable')
    expect(error.message).toContain('127.0.0.1:1')
    expect(error.message).toContain('127.0.0.1:2')
    expect(error.hint).toContain('http://localhost:1 or http://localhost:2')
    expect(error.hint).toContain('--listen-address')
  })
})
