/** Writes what is made from the source: the reference of both programs, and the files of `deploy`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { generatedPages } from './docs/generated-pages.ts'

for (const { path, text } of generatedPages()) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  console.log(path)
}
