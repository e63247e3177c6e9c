import { expect, test } from 'vitest'
import { isCertainlyKnown, isStranger } from './peer-user.ts'

const header =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'

/** A line of the table: the local and the remote port, state, uid and inode. */
function line(local: number, remote: number, rest: { st: string; uid: number; inode: number }) {
  const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0')
  const queues = '00000000:00000000 00:00000000 00000000'
  return `   0: 0100007F:${hex(local)} 0100007F:${hex(remote)} ${rest.st} ${queues} ${rest.uid} 0 ${rest.inode} 1\n`
}

const listener = line(8_000, 0, { st: '0A', uid: 1_000, inode: 1 })
const ourEnd = line(8_000, 50_000, { st: '01', uid: 1_000, inode: 2 })
const connection = { localPort: 8_000, remotePort: 50_000 }
const known = new Set([0, 1_000])

function judge(...lines: readonly string[]): boolean {
  return isStranger(() => [[header + lines.join('')]], connection, known)
}

test('isStranger() tells who is at the other end', () => {
  const otherEnd = (uid: number) => line(50_000, 8_000, { st: '01', uid, inode: 3 })
  expect(judge(listener, ourEnd, otherEnd(65_534))).toBe(true)
  expect(judge(listener, ourEnd, otherEnd(1_000))).toBe(false)
  expect(judge(listener, ourEnd, otherEnd(0))).toBe(false)
})

test('isStranger() takes a visitor who has hung up for one: the kernel shows his end as that of root', () => {
  const closing = ourEnd.replace(' 01 ', ' 08 ')
  for (const st of ['04', '05', '06']) {
    expect(judge(listener, closing, line(50_000, 8_000, { st, uid: 0, inode: 0 }))).toBe(true)
  }
  expect(judge(listener)).toBe(true)
  expect(isStranger(() => [[header + listener]], { localPort: 8_000 }, known)).toBe(true)
  expect(isStranger(() => [[header + listener]], {}, known)).toBe(true)
})

test('isStranger() lets in whom this table cannot know', () => {
  expect(judge()).toBe(false)
  expect(judge(listener, ourEnd)).toBe(false)
})

test('isStranger() looks again when somebody seems to be alone: he may have hung up while the table was read', () => {
  const seen = (...later: readonly string[]): boolean => {
    const looks = [[listener, ourEnd], later].map((lines) => header + lines.join(''))
    return isStranger(() => [[looks.shift() ?? '']], connection, known)
  }
  expect(seen(listener)).toBe(true)
  expect(seen(listener, ourEnd)).toBe(false)
  expect(seen(listener, ourEnd, line(50_000, 8_000, { st: '01', uid: 65_534, inode: 3 }))).toBe(
    true,
  )
})

test('isStranger() reads no further than to both ends of the connection, which may be in pieces and in two tables', () => {
  const ours = line(50_000, 8_000, { st: '01', uid: 1_000, inode: 3 })
  const half = Math.floor(ours.length / 2)
  const read: string[] = []
  function* pieces(): Generator<string> {
    for (const piece of [ours.slice(0, half), ours.slice(half), 'never read']) {
      read.push(piece)
      yield piece
    }
  }
  expect(isStranger(() => [[header + listener, ourEnd], pieces()], connection, known)).toBe(false)
  expect(read).toEqual([ours.slice(0, half), ours.slice(half)])
})

test('isCertainlyKnown() believes the kernel when it names a user who is known, and in no other case', () => {
  const ends = { localAddress: '127.0.0.1', remoteAddress: '127.0.0.1', ...connection }
  const says =
    (uid: number, inode: number, state = 1) =>
    (_: number, request: Uint8Array) => {
      const answer = new Uint8Array(88)
      const view = new DataView(answer.buffer)
      answer.set([20], 4)
      answer.set([2, state], 16)
      answer.set(request.subarray(24, 60), 20)
      view.setUint32(80, uid, true)
      view.setUint32(84, inode, true)
      return answer
    }
  expect(isCertainlyKnown(says(1_000, 3), ends, known)).toBe(true)
  expect(isCertainlyKnown(says(0, 3), ends, known)).toBe(true)
  expect(isCertainlyKnown(says(65_534, 3), ends, known)).toBe(false)
  expect(isCertainlyKnown(says(0, 0, 5), ends, known)).toBe(false)
  expect(isCertainlyKnown(() => undefined, ends, known)).toBe(false)
  expect(isCertainlyKnown(says(1_000, 3), connection, known)).toBe(false)
})
