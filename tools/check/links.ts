import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { anchorsOf, withoutCodeBlocks } from './markdown.ts'

/**
 * Checks that relative links of Markdown pages lead to a file that exists, and to a heading that the
 * page has. Links to the web are not followed.
 *
 * @param pages paths of the pages
 * @returns complaints, empty when all is well
 */
export function checkLinks(pages: readonly string[]): string[] {
  return pages.flatMap((page) =>
    targetsOf(readFileSync(page, 'utf8')).flatMap((target) => {
      const complaint = complaintAbout(page, target)
      return complaint === undefined ? [] : [`${page}: ${target} ${complaint}`]
    }),
  )
}

function targetsOf(text: string): string[] {
  const prose = withoutCodeBlocks(text).replaceAll(/`[^`]*`/g, '')
  const inline = [...prose.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)]
  const defined = [...prose.matchAll(/^ *\[[^\]]+\]: +(\S+)/gm)]
  return [...inline, ...defined]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target))
}

function complaintAbout(page: string, target: string): string | undefined {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : join(dirname(page), decodeURIComponent(path))
  if (!existsSync(file)) return 'does not exist'
  if (anchor === undefined) return undefined
  const isPage = statSync(file).isFile() && file.endsWith('.md')
  if (isPage && anchorsOf(readFileSync(file, 'utf8')).has(anchor)) return undefined
  return 'names a heading that does not exist'
}
