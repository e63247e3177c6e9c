/** A table of a Markdown page. */
export interface MarkdownTable {
  /** The heading that it stands below, without the `#`; empty before the first one. */
  readonly heading: string
  readonly header: readonly string[]
  readonly rows: readonly TableRow[]
}

/** A row of a table. */
export interface TableRow {
  /** Line number, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** All tables of a page. */
export function tablesOf(page: string): MarkdownTable[] {
  const lines = withoutCodeBlocks(page).split('\n')
  const tables: { heading: string; header: string[]; rows: TableRow[] }[] = []
  let heading = ''
  lines.forEach((text, index) => {
    heading = /^#+ +(.*\S)/.exec(text)?.[1] ?? heading
    if (!text.startsWith('|')) return
    const isHeader = /^\|[\s:|-]+\|$/.test(lines[index + 1] ?? '')
    const row = { line: index + 1, cells: cellsOf(text) }
    if (isHeader) tables.push({ heading, header: [...row.cells], rows: [] })
    else if (!/^\|[\s:|-]+\|$/.test(text)) tables.at(-1)?.rows.push(row)
  })
  return tables
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of withoutCodeBlocks(page).matchAll(/^#+ +(.*\S)/gm)) {
    const slug = slugOf(heading)
    let anchor = slug
    for (let copy = 1; anchors.has(anchor); copy += 1) anchor = `${slug}-${copy}`
    anchors.add(anchor)
  }
  return anchors
}

/** Blanks what stands in fenced code blocks; every line stays in its place. */
export function withoutCodeBlocks(page: string): string {
  return page.replaceAll(/^( *)(```+|~~~+)[\s\S]*?^ *\2/gm, (block) =>
    block.replaceAll(/[^\n]/g, ''),
  )
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim())
}

function slugOf(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')
}
