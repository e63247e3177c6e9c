import { expect, test } from 'vitest'
import { diagnosisRequest, parseDiagnosis, type TcpConnection } from './socket-diagnosis.ts'

/** As Linux 6.18 answered: whose is the end at port 56526 of a connection to port 40897? */
const recorded =
  '7c0000001400000001000000811e000002010000dcce9fc17f0000010000000000000000000000007f0000010000000000000000000000000000000002000000000000000000000000000000000000000000000017ef0100050008000000000008000f00000000000c00150001000000000000000600160052000000'

const connection: TcpConnection = {
  localAddress: '127.0.0.1',
  localPort: 40_897,
  remoteAddress: '127.0.0.1',
  remotePort: 56_526,
}

function requestOf(changes: Partial<TcpConnection> = {}): Uint8Array {
  return diagnosisRequest({ ...connection, ...changes }) ?? new Uint8Array()
}

/** The recorded answer, with other bytes at some places. */
function answer(changes: Readonly<Record<number, number>> = {}): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(recorded, 'hex'))
  for (const [offset, byte] of Object.entries(changes)) bytes[Number(offset)] = byte
  return bytes
}

const uidAt = 80
const inodeAt = 84
const stateAt = 17

test('diagnosisRequest() asks for the socket of the other end alone', () => {
  expect(Buffer.from(requestOf()).toString('hex')).toBe(
    [
      '48000000140001000000000000000000',
      '02060000ffffffff',
      'dcce9fc1',
      '7f000001000000000000000000000000',
      '7f000001000000000000000000000000',
      '00000000ffffffffffffffff',
    ].join(''),
  )
})

test('diagnosisRequest() asks for IPv4 also where it comes inside IPv6', () => {
  const mapped = { localAddress: '::ffff:127.0.0.1', remoteAddress: '::ffff:127.0.0.1' }
  expect(requestOf(mapped)).toEqual(requestOf())
})

test('diagnosisRequest() asks for IPv6 on loopback', () => {
  const hex = Buffer.from(requestOf({ localAddress: '::1', remoteAddress: '::1' })).toString('hex')
  expect(hex.slice(32, 34)).toBe('0a')
  expect(hex.slice(48, 120)).toBe(`dcce9fc1${'00000000000000000000000000000001'.repeat(2)}`)
})

test.each([
  ['another address of IPv6', { localAddress: 'fe80::1', remoteAddress: 'fe80::2' }],
  ['ends of two families', { localAddress: '::1' }],
  ['a visitor who has gone', { remoteAddress: undefined, remotePort: undefined }],
  ['a visitor without a port', { remotePort: undefined }],
  ['no address', { localAddress: 'localhost' }],
])('diagnosisRequest() leaves to others: %s', (_, changes) => {
  expect(diagnosisRequest({ ...connection, ...changes })).toBeUndefined()
})

test('parseDiagnosis() tells whose the socket is', () => {
  expect(parseDiagnosis(requestOf(), answer())).toEqual({ uid: 0, isOwned: true })
  const nobody = answer({ [uidAt]: 0xfe, [uidAt + 1]: 0xff })
  expect(parseDiagnosis(requestOf(), nobody)).toEqual({ uid: 65_534, isOwned: true })
})

test('parseDiagnosis() knows a socket that no process has any more', () => {
  const noInode = { [inodeAt]: 0, [inodeAt + 1]: 0, [inodeAt + 2]: 0 }
  for (const state of [4, 5, 6]) {
    const left = answer({ ...noInode, [stateAt]: state })
    expect(parseDiagnosis(requestOf(), left)).toEqual({ uid: 0, isOwned: false })
  }
})

test('parseDiagnosis() believes nothing about another socket', () => {
  const request = requestOf()
  // A socket that listens on the port has no other end.
  const listening = answer({ 22: 0, 23: 0, 40: 0, 43: 0, [stateAt]: 10 })
  expect(parseDiagnosis(request, listening)).toBeUndefined()
  for (const changes of [{ 16: 10 }, { 20: 1 }, { 23: 1 }, { 27: 2 }, { 43: 2 }, { 55: 1 }]) {
    expect(parseDiagnosis(request, answer(changes))).toBeUndefined()
  }
})

test('parseDiagnosis() believes no error, and no part of an answer', () => {
  const request = requestOf()
  expect(parseDiagnosis(request, answer({ 4: 2 }))).toBeUndefined()
  expect(parseDiagnosis(request, answer().subarray(0, 87))).toBeUndefined()
  expect(parseDiagnosis(request, new Uint8Array())).toBeUndefined()
})
