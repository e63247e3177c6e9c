import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { checkQuotedMessages } from './quoted-messages.ts'

test.each([
  ['`The door of … is open`, `… is shut`', 0],
  ['`error: no such door` from kubectl', 0],
  ['`The window of … is open`', 1],
])('a page that quotes %s gets %i complaints', (cell, count) => {
  const folder = temporaryFolder()
  const root = join(folder, 'src')
  mkdirSync(root)
  writeFileSync(
    join(root, 'door.ts'),
    'const said = ["The door of ", name, " is open", "it is shut"]\n',
  )
  writeFileSync(join(root, 'door.test.ts'), 'expect("The window of the house")\n')
  const page = join(folder, 'page.md')
  writeFileSync(page, `| message | what to do |\n| --- | --- |\n| ${cell} | nothing |\n`)
  expect(checkQuotedMessages(page, root)).toHaveLength(count)
})
