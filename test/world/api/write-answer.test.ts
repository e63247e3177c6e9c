import { createServer, get, type IncomingMessage } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import type { StreamAnswer } from './answer.ts'
import { writeAnswer } from './write-answer.ts'

/** Serves a stream and begins to read it. */
async function read(start: StreamAnswer['start']): Promise<IncomingMessage> {
  const answer = { contentType: 'text/plain', start }
  const server = createServer((_, response) => writeAnswer(response, answer))
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const { port } = address
  return await new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false }, resolve).on('error', reject)
  })
}

test('a stream is told when its reader has left, so that nothing is kept for it', async () => {
  let tell: (what: string) => void
  const told = new Promise<string>((resolve) => {
    tell = resolve
  })
  const reader = await read((sink) => {
    sink.write('begun')
    return () => tell('stopped')
  })
  reader.destroy()
  expect(await told).toBe('stopped')
})

test('what a stream writes after its end is dropped', async () => {
  const reader = await read((sink) => {
    sink.write('first')
    sink.end()
    sink.write('late')
    return () => undefined
  })
  let text = ''
  for await (const chunk of reader.setEncoding('utf8')) text += String(chunk)
  expect(text).toBe('first')
})
