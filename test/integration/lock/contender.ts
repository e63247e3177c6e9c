import { createInterface } from 'node:readline'
import { OidcLoginError } from '../../../src/errors.ts'
import { acquireLock, type LockSystem } from '../../../src/lock/index.ts'
import { type Clock, systemClock } from '../../../src/system/clock.ts'
import { nodeFiles } from '../../../src/system/node-files.ts'
import { hostileFiles } from './hostile-files.ts'
import { noteKill, passThrough, witnessIn } from './witness.ts'

/**
 * A program that wants locks, for the tests beside it:
 *
 *   hold <path>…            takes locks, prints `held`, and never gives them back
 *   wait <path> <ms>        waits for a lock for at most <ms>, says for whom, and gives it back
 *   race <folder> <id>      for each line of stdin passes the critical section of that name once
 *   chaos <folder> <id>     passes critical sections until stdin ends; dies during takeovers
 *
 * It exits with the exit code of the error that ended it; SIGINT interrupts it.
 */
async function main([command, ...others]: readonly string[]): Promise<void> {
  if (command === 'hold') return await hold(others)
  const [place = '', detail = ''] = others
  if (command === 'wait') return await wait(place, Number(detail))
  if (command === 'race') return await race(place, detail)
  if (command === 'chaos') return await chaos(place, detail)
  throw new Error(`unknown command ${command}`)
}

const request = { purpose: 'signing in', timeoutMs: 60_000, holdAtMostMs: 120_000 }

async function hold(paths: readonly string[]): Promise<void> {
  const system = newSystem()
  for (const path of paths) await acquireLock(system, { ...request, path })
  process.stdout.write('held\n')
  await systemClock.sleep(2 ** 31 - 1, system.interrupted)
}

async function wait(path: string, timeoutMs: number): Promise<void> {
  const lock = await acquireLock(newSystem(), {
    ...request,
    path,
    timeoutMs,
    onWait: ({ pid, purpose }) => process.stderr.write(`waiting for ${pid} (${purpose})\n`),
  })
  lock.release()
}

async function race(folder: string, id: string): Promise<void> {
  const files = hostileFiles({ stumbling: 0.3, dyingAt: undefined, die: () => {} })
  const system = { ...newSystem(), files }
  process.stdout.write('ready\n')
  for await (const round of createInterface({ input: process.stdin })) {
    const lock = await acquireLock(system, { ...request, path: `${folder}/${round}.lock` })
    await passThrough(witnessIn(folder, round), id, 1)
    lock.release()
    process.stdout.write('done\n')
  }
}

async function chaos(folder: string, id: string): Promise<void> {
  const witness = witnessIn(folder, 'chaos')
  const die = (): void => {
    noteKill(witness, id, 'takeover')
    process.kill(process.pid, 'SIGKILL')
  }
  const dyingAt = Math.random() < 0.5 ? Math.floor(Math.random() * 12) : undefined
  const files = hostileFiles({ stumbling: 0.2, dyingAt, die })
  const system = { ...newSystem(), files, clock: hastyClock }
  let isOver = false
  process.stdin.resume().once('end', () => {
    isOver = true
  })
  while (!isOver) {
    const lock = await acquireLock(system, { ...request, path: `${folder}/chaos.lock` })
    await passThrough(witness, id, Math.random() < 0.2 ? 5 : 0)
    lock.release()
    await systemClock.sleep(Math.random() * 3)
  }
}

/** Sleeps for a moment only, so that all see the death of a holder at the same time. */
const hastyClock: Clock = {
  now: systemClock.now,
  elapsed: systemClock.elapsed,
  sleep: (durationMs, signal) => systemClock.sleep(Math.min(durationMs, 5), signal),
}

function newSystem(): LockSystem {
  const interruption = new AbortController()
  process.once('SIGINT', () => interruption.abort(new Error('SIGINT')))
  return {
    clock: systemClock,
    files: nodeFiles,
    interrupted: interruption.signal,
    process: {
      pid: process.pid,
      parentPid: process.ppid,
      uid: undefined,
      platform: process.platform,
      home: undefined,
      startedAt: 0,
    },
  }
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`)
  process.exitCode = error instanceof OidcLoginError ? error.exitCode : 1
}
