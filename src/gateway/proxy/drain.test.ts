import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../system/index.ts'
import { createConnections } from './connections.ts'
import { drain } from './drain.ts'

/** A connection upon which a shell runs, and how it was ended. */
function withShell() {
  const connections = createConnections(
    { maxConnections: 10, maxConnectionsPerAddress: 10 },
    () => undefined,
  )
  const socket = new Socket()
  onTestFinished(() => void socket.destroy())
  const reasons: string[] = []
  const connection = connections.secured(socket)
  connection.running = {
    isWatch: false,
    cut: (reason) => reasons.push(reason),
    gone: () => reasons.push('gone'),
  }
  return { desk: { clock: systemClock, connections, isDraining: false }, reasons }
}

test('H9 a shell that ends as the last one of a drain has ended by itself', async () => {
  const { desk, reasons } = withShell()
  await drain(desk, { stopAccepting: async () => undefined }, 1_000)
  expect(reasons).toEqual([])
})

test('a shell that does not end is cut when the time is over', async () => {
  const { desk, reasons } = withShell()
  await drain(desk, { stopAccepting: async () => await sleep(2_000) }, 100)
  expect(reasons).toEqual(['drained'])
})
