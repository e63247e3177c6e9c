import { expect, test } from 'vitest'
import { nodeHttp } from '../../system/node-http.ts'
import { rehearseVisit } from './rehearse.ts'
import { startListener, validQuery, visit } from './testing/visitor.ts'

test('a rehearsal is answered, says nothing, and leaves the sign-in to its visitor', async () => {
  const { listener, port, ignored } = await startListener()
  await listener.rehearse()
  await listener.rehearse()
  const page = visit(port, { target: `/?${validQuery}` })
  expect((await listener.received).parameters.get('code')).toBe('abc')
  await listener.finish({ kind: 'signed-in' })
  expect((await page).status).toBe(200)
  expect(ignored).toEqual([])
})

test('a rehearsal of a listener that is gone does not fail', async () => {
  const { listener, port } = await startListener()
  listener.close()
  await expect(listener.rehearse()).resolves.toBeUndefined()
  const visit = { host: '127.0.0.1', port, path: '/' }
  await expect(rehearseVisit(nodeHttp({}), visit)).resolves.toBeUndefined()
})

test('a rehearsal ends with its listener', async () => {
  const { listener } = await startListener()
  const rehearsal = listener.rehearse()
  listener.close()
  await expect(rehearsal).resolves.toBeUndefined()
})
