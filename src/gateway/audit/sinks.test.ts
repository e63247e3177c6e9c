import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { exchange } from '../testing/exchange.ts'
import { auditLog } from './audit-log.ts'
import { batchSink } from './batch.ts'
import { fileSink } from './file-sink.ts'
import { streamSink } from './stream-sink.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'audit-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('a file keeps the order, is private, and is appended to', async () => {
  const file = join(folder(), 'audit.log')
  for (const part of ['a', 'b']) {
    const sink = await fileSink({ file, maxBytes: 1_000_000, keep: 1 }, () => undefined)
    for (let index = 0; index < 100; index += 1) sink.write(`${part}${index}`)
    await sink.close()
  }
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  expect(lines).toHaveLength(200)
  expect([lines[0], lines[99], lines[100], lines[199]]).toEqual(['a0', 'a99', 'b0', 'b99'])
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('a file is rotated by size, and only so many are kept', async () => {
  const path = folder()
  const sink = await fileSink(
    { file: join(path, 'audit.log'), maxBytes: 100, keep: 2 },
    () => undefined,
  )
  for (let index = 0; index < 10; index += 1) {
    sink.write(`${index}`.repeat(60))
    await sink.flush()
  }
  await sink.close()
  expect(readdirSync(path).sort()).toEqual(['audit.log', 'audit.log.1', 'audit.log.2'])
  expect(readFileSync(join(path, 'audit.log'), 'utf8')).toBe(`${'9'.repeat(60)}\n`)
  expect(readFileSync(join(path, 'audit.log.2'), 'utf8')).toBe(`${'7'.repeat(60)}\n`)
})

test('a file that cannot be rotated goes on growing, and somebody is told', async () => {
  const path = folder()
  // A folder in the place of the rotated file cannot be replaced.
  mkdirSync(join(path, 'audit.log.1', 'x'), { recursive: true })
  let told = 0
  const sink = await fileSink({ file: join(path, 'audit.log'), maxBytes: 10, keep: 1 }, () => {
    told += 1
  })
  sink.write('first line')
  await sink.flush()
  sink.write('second line')
  await sink.close()
  expect(readFileSync(join(path, 'audit.log'), 'utf8')).toBe('first line\nsecond line\n')
  expect({ told: told > 0, lost: sink.lost() }).toEqual({ told: true, lost: 0 })
})

test('a file that cannot be opened is an error at the start', async () => {
  const path = folder()
  chmodSync(path, 0o700)
  await expect(
    fileSink({ file: join(path, 'missing', 'audit.log'), maxBytes: 1, keep: 1 }, () => undefined),
  ).rejects.toThrow(/ENOENT/)
})

/** A sink on a disk that may be full, and what was written to it. */
function onDisk(disk: { isFull: boolean }) {
  const written: string[] = []
  const sink = batchSink(
    async (lines) => {
      if (disk.isFull) throw new Error('disk full')
      written.push(String(lines))
    },
    () => undefined,
  )
  return { sink, disk, written }
}

test('lines that cannot be written are counted, and later ones are tried again', async () => {
  const { sink, disk, written } = onDisk({ isFull: true })
  sink.write('a')
  await sink.flush()
  disk.isFull = false
  sink.write('b')
  await sink.close()
  expect({ lost: sink.lost(), written }).toEqual({ lost: 1, written: ['b\n'] })
})

test('lines that were made elsewhere keep their order among our own, and are counted when they are lost', async () => {
  const { sink, disk, written } = onDisk({ isFull: false })
  sink.write('a')
  sink.relay(Buffer.from('b\nc\n'))
  sink.write('d')
  sink.relay(Buffer.alloc(0))
  await sink.flush()
  disk.isFull = true
  sink.relay(Buffer.from('e\nf\n'))
  await sink.close()
  expect({ lost: sink.lost(), written }).toEqual({ lost: 2, written: ['a\nb\nc\nd\n'] })
})

test('what gathers during a write goes out at once', async () => {
  const writes: string[] = []
  const sink = batchSink(
    async (text) => {
      writes.push(String(text))
      await new Promise((resolve) => setImmediate(resolve))
    },
    () => undefined,
  )
  for (let index = 0; index < 1000; index += 1) sink.write('x')
  await sink.flush()
  expect(writes).toHaveLength(1)
})

test('a request that lasts has a line at its start and one at its end', async () => {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      lines.push(...chunk.toString().trimEnd().split('\n'))
      done()
    },
  })
  const sink = streamSink(stream, () => undefined)
  const log = auditLog(sink, { includeQuery: false }, () => 0)
  const shell = exchange({
    target: '/api/v1/namespaces/a/pods/b/exec',
    isUpgrade: true,
    status: 101,
  })
  const short = exchange({ auditId: 'id-2' })
  for (const one of [shell, short]) {
    log.started(one)
    log.answered?.(one)
    log.ended(one)
  }
  await sink.close()
  expect(lines.map((line) => `${JSON.parse(line).stage} ${JSON.parse(line).auditID}`)).toEqual([
    'ResponseStarted id-1',
    'ResponseComplete id-1',
    'ResponseComplete id-2',
  ])
})
