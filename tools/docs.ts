/** Writes the pages that are made from the option tables. */
import { writeFileSync } from 'node:fs'
import { generatedPages } from './docs/generated-pages.ts'

for (const { path, text } of generatedPages()) {
  writeFileSync(path, text)
  console.log(path)
}
