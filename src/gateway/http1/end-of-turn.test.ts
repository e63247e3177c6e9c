import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { atEndOfTurn } from './end-of-turn.ts'

test('what is to be done waits for the end of the turn, and keeps its order', async () => {
  const done: string[] = []
  atEndOfTurn(() => done.push('first'))
  atEndOfTurn(() => {
    done.push('second')
    atEndOfTurn(() => done.push('in the next turn'))
  })
  await Promise.resolve()
  expect(done).toEqual([])
  await nextTurn()
  expect(done).toEqual(['first', 'second'])
  await nextTurn()
  expect(done).toEqual(['first', 'second', 'in the next turn'])
})

test('a fault in one is told, and the others are done nevertheless', async () => {
  const faults: unknown[] = []
  const listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.once('uncaughtException', (fault) => faults.push(fault))
  onTestFinished(() => {
    for (const listener of listeners) process.on('uncaughtException', listener)
  })
  const done: string[] = []
  atEndOfTurn(() => done.push('first'))
  atEndOfTurn(() => {
    throw new Error('a fault')
  })
  atEndOfTurn(() => done.push('third'))
  await nextTurn()
  await nextTurn()
  expect(faults).toMatchObject([{ message: 'a fault' }])
  expect(done).toEqual(['first', 'third'])
})
