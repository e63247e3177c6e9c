import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startBound } from '../../e2e/bound-process.ts'
import { startedByUs, usageOf } from './processes.ts'

const waits = 'console.log("ready"); setInterval(() => undefined, 1000)'

describe.skipIf(process.platform !== 'linux')('what processes have used', () => {
  test('is that of a program, not of the shells that watch over it', async () => {
    const { child, stop } = startBound(process.execPath, ['-e', waits], { output: 'pipe' })
    onTestFinished(stop)
    if (child.stdout) await once(child.stdout, 'data')
    const ofFamily = usageOf(child.pid ?? 0)
    const ofProgram = usageOf(startedByUs('node'))
    // Two shells have more.
    expect(Math.abs(ofFamily.residentBytes - ofProgram.residentBytes)).toBeLessThan(1.5e6)
    expect(ofProgram.residentBytes).toBeGreaterThan(20e6)
    expect(ofProgram.processorMs).toBeGreaterThan(0)
  })

  test('is nothing for somebody who is not there', () => {
    expect(usageOf(2 ** 30)).toEqual({ processorMs: 0, residentBytes: 0 })
    expect(() => startedByUs('nobody-has-that')).toThrow('nobody-has-that does not run')
  })
})
