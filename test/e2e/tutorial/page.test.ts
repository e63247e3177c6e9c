import { expect, test } from 'vitest'
import { sectionsOf } from './page.ts'

const page = `# Title

## First

<!-- run: john, fails -->
\`\`\`console
$ one \\
    two
shown
$ three
\`\`\`

<!-- not run: it would take an hour -->
\`\`\`sh
four
\`\`\`

## Second

<!-- run: admin -->
\`\`\`sh
five
six
\`\`\`
`

test('a page becomes commands and what they print, in sections', () => {
  expect(sectionsOf(page)).toEqual([
    {
      title: 'First',
      blocks: [
        {
          line: 5,
          person: 'john',
          notes: new Set(['fails']),
          steps: [
            { command: 'one \\\n    two\n', output: 'shown\n' },
            { command: 'three\n', output: '' },
          ],
        },
      ],
    },
    {
      title: 'Second',
      blocks: [
        {
          line: 20,
          person: 'admin',
          notes: new Set(),
          steps: [{ command: 'five\nsix\n', output: undefined }],
        },
      ],
    },
  ])
})

test.each(['', '<!-- not run: -->\n', '<!-- runs: john -->\n'])(
  'a block that nobody runs is refused, after %j',
  (mark) => {
    expect(() => sectionsOf(`## First\n\n${mark}\`\`\`sh\nseven\n\`\`\`\n`)).toThrow('nobody runs')
  },
)
