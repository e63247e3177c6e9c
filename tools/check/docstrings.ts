import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const declaration =
  /^export (?:async )?(?:function\*?|const|class|interface|type|abstract class) (\w+)/

/**
 * Checks that everything exported is documented where it is declared.
 *
 * @param root the folder `src`
 * @returns complaints, empty when all is well
 */
export function checkDocstrings(root: string): string[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('index.ts'),
  )
  return files.sort().flatMap((file) => undocumented(root, file))
}

function undocumented(root: string, file: string): string[] {
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  return lines.flatMap((line, index) => {
    const name = declaration.exec(line)?.[1]
    if (name === undefined || lines[index - 1]?.trimEnd().endsWith('*/')) return []
    return [`${root}/${file}:${index + 1} exports ${name} without a docstring`]
  })
}
