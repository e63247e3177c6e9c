import { execFileSync } from 'node:child_process'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import {
  findPortHolder,
  listeningSockets,
  parseLsof,
  parseNetstat,
  parseTasklist,
} from './port-holder.ts'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listenOn(host: string): Promise<number> {
  const server = createServer()
  servers.push(server)
  return await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port: 0 }, () => {
      const address = server.address()
      resolve(typeof address === 'object' ? (address?.port ?? 0) : 0)
    })
  })
}

const hasLsof = canRun('lsof', ['-v'])

function canRun(file: string, args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('findPortHolder()', () => {
  it.runIf(process.platform === 'linux')('finds the listening program by /proc', async () => {
    const port = await listenOn('127.0.0.1')
    const holder = await findPortHolder('linux', port)
    expect(holder).toEqual({ pid: process.pid, name: expect.stringMatching(/^node/) })
  })

  it.runIf(hasLsof && process.platform !== 'win32')('finds it by lsof', async () => {
    const port = await listenOn('127.0.0.1')
    expect((await findPortHolder('darwin', port))?.pid).toBe(process.pid)
  })

  it.runIf(process.platform === 'win32')('finds it by netstat and tasklist', async () => {
    const port = await listenOn('127.0.0.1')
    expect((await findPortHolder('win32', port))?.pid).toBe(process.pid)
  })

  it('finds nobody where nobody listens', async () => {
    const port = await listenOn('127.0.0.1')
    const [server] = servers.splice(0)
    await new Promise((resolve) => server?.close(resolve))
    expect(await findPortHolder(process.platform, port)).toBeUndefined()
  })

  it.runIf(process.platform !== 'win32')('finds nobody without the tools to look', async () => {
    expect(await findPortHolder('win32', 8000)).toBeUndefined()
  })
})

describe('listeningSockets()', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 1 0000000000000000 100 0 0 10 0',
    '   1: 0100007F:1F40 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 23456 1 0000000000000000 20 4 30 10 -1',
    '   2: 00000000000000000000000001000000:1F40 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 34567 1 0000000000000000 100 0 0 10 0',
    '   3: 0100007F:1F41 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 45678 1 0000000000000000 100 0 0 10 0',
    '',
  ].join('\n')

  it('takes what listens on the port, in either IP family', () => {
    expect(listeningSockets(table, 8000)).toEqual(['socket:[12345]', 'socket:[34567]'])
    expect(listeningSockets(table, 80)).toEqual([])
  })
})

describe('parseLsof()', () => {
  it('takes process and name', () => {
    expect(parseLsof('p123\ncControl Center\nf8\n')).toEqual({ pid: 123, name: 'Control Center' })
    expect(parseLsof('')).toBeUndefined()
  })
})

describe('parseNetstat()', () => {
  const output = [
    'Aktive Verbindungen',
    '',
    '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
    '  TCP    127.0.0.1:8000         127.0.0.1:51000        HERGESTELLT      111',
    '  TCP    127.0.0.1:18000        0.0.0.0:0              ABHÖREN          222',
    '  TCP    [::1]:8000             [::]:0                 ABHÖREN          333',
    '  UDP    127.0.0.1:8000         *:*                                     444',
  ].join('\r\n')

  it('takes the listener whatever language Windows speaks', () => {
    expect(parseNetstat(output, 8000)).toBe(333)
    expect(parseNetstat(output, 18000)).toBe(222)
    expect(parseNetstat(output, 51000)).toBeUndefined()
  })
})

describe('parseTasklist()', () => {
  it('takes the name of the executable', () => {
    expect(parseTasklist('"node.exe","333","Console","1","50,000 K"\r\n')).toBe('node.exe')
    expect(parseTasklist('INFO: No tasks are running which match the criteria.')).toBeUndefined()
  })
})
