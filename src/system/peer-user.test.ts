import { expect, test } from 'vitest'
import { ownersOf } from './peer-user.ts'

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1
   1: 0100007F:1F40 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 2 1
   2: 0100007F:C350 0100007F:1F40 01 00000000:00000000 00:00000000 00000000 65534        0 3 1
`

test('ownersOf() tells who is at the other end', () => {
  expect(ownersOf(table, 50_000, 8_000)).toEqual([65_534])
  expect(ownersOf(table, 8_000, 50_000)).toEqual([1_000])
  expect(ownersOf(table, 50_001, 8_000)).toEqual([])
})
