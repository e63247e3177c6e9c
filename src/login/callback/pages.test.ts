import { describe, expect, it } from 'vitest'
import { resultPage } from './pages.ts'

describe('resultPage()', () => {
  it('says who has signed in, and to which cluster', () => {
    const html = resultPage({ kind: 'signed-in', identity: 'john', cluster: 'demo' })
    expect(html).toContain('<h1>You are signed in</h1>')
    expect(html).toContain('<dt>Signed in as</dt><dd>john</dd>')
    expect(html).toContain('<dt>Cluster</dt><dd>demo</dd>')
    expect(html).toContain('You can close this tab and go back to the terminal.')
  })

  it('says no more than it knows', () => {
    const html = resultPage({ kind: 'signed-in' })
    expect(html).not.toContain('Signed in as')
    expect(html).not.toContain('Cluster')
  })

  it('says that the user is not signed in, why, and what to do', () => {
    for (const kind of ['refused', 'failed'] as const) {
      const html = resultPage({ kind, reason: 'Because.', hint: 'Do this.' })
      expect(html).toContain('You are not signed in.')
      expect(html).toContain('<p>Because.</p>')
      expect(html).toContain('<p>Do this.</p>')
      expect(html).toContain('go back to the terminal')
      expect(html).not.toContain('You are signed in')
    }
  })

  it('makes the words of others printable and bounds them', () => {
    const html = resultPage({ kind: 'refused', reason: `\u202eno\u001b ${'x'.repeat(10_000)}` })
    expect(html).toContain('<p>no xxx')
    expect(html.length).toBeLessThan(8_000)
    const signedIn = resultPage({
      kind: 'signed-in',
      identity: `john\u202e<b>${'y'.repeat(1_000)}`,
    })
    expect(signedIn).toContain('<dd>john &#60;b&#62;yyy')
    expect(signedIn.length).toBeLessThan(8_000)
  })
})
