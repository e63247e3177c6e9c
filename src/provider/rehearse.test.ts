import { expect, test, vi } from 'vitest'
import { rehearseRedemption } from './rehearse.ts'

test.each(['2026-01-01T00:00:00Z', '2026-11-27T12:00:00Z', '2051-07-01T12:00:00Z'])(
  'rehearseRedemption() gets as far as real tokens do, at any time (%s)',
  async (time) => {
    vi.useFakeTimers({ now: new Date(time), toFake: ['Date'] })
    try {
      const subjects: (string | undefined)[] = []
      await rehearseRedemption(({ idToken }) => subjects.push(idToken?.subject))
      expect(subjects).toEqual(['rehearsal'])
    } finally {
      vi.useRealTimers()
    }
  },
)

test('rehearseRedemption() does not fail when the tokens are of no use', async () => {
  const fail = (): never => {
    throw new Error('no use')
  }
  await expect(rehearseRedemption(fail)).resolves.toBeUndefined()
})
