import { isMap, LineCounter, parseAllDocuments } from 'yaml'
import type { Problem } from '../problem.ts'
import { type Cursor, cursorAt, type Source } from './cursor.ts'

/** No configuration is larger; a parser is not shown what would only keep it busy. */
const longestText = 1024 * 1024

/** Far more than any configuration has anchors for. */
const mostAliases = 1000

/**
 * Parses the text of a file with one or more YAML documents (JSON is YAML, too). The rules are those
 * of YAML 1.1, as in Kubernetes: a plain `yes` is a boolean, a key that stands twice is an error.
 *
 * @param problems gets what is wrong
 * @returns the mapping of each document, empty documents left out
 */
export function parseDocuments(file: string, text: string, problems: Problem[]): readonly Cursor[] {
  if (text.length > longestText) {
    problems.push({ file, line: 1, path: '', message: 'The file is larger than 1 MiB.' })
    return []
  }
  try {
    return parse(file, text, problems)
  } catch {
    // The parser gives up on nesting that is deeper than its stack.
    problems.push({ file, line: 1, path: '', message: 'The file is not valid YAML.' })
    return []
  }
}

function parse(file: string, text: string, problems: Problem[]): readonly Cursor[] {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, {
    version: '1.1',
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
  })
  if (!Array.isArray(documents)) return []
  return documents.flatMap((document) => {
    for (const { pos, message } of document.errors) {
      const { line } = lines.linePos(pos[0])
      problems.push({ file, line, path: '', message: `The YAML is not valid: ${message}.` })
    }
    if (document.errors.length > 0) return []
    const source: Source = { file, document, lines, problems, aliasesLeft: mostAliases }
    const root = cursorAt(source, '', document.contents, 1)
    if (root && !isMap(root.node)) {
      problems.push({ file, line: root.line, path: '', message: 'The document is not a mapping.' })
      return []
    }
    return root ? [root] : []
  })
}
