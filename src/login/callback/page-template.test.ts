import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type Page, type PageTone, renderPage, styleSource } from './page-template.ts'

const tones: readonly PageTone[] = ['success', 'refused', 'error', 'neutral']

function page(changes: Partial<Page> = {}): Page {
  return { tone: 'success', heading: 'Heading', lead: 'Lead.', next: 'Next.', ...changes }
}

function styleOf(html: string): string {
  return /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? ''
}

describe('renderPage()', () => {
  it('escapes all text', () => {
    const evil = `<script>alert("1")</script><img src=x onerror='a'>&amp;`
    const html = renderPage(
      page({
        heading: evil,
        lead: evil,
        facts: [[evil, evil]],
        reason: evil,
        hint: evil,
        next: evil,
      }),
    )
    const escaped =
      '&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#60;img src=x onerror=&#39;a&#39;&#62;&#38;amp;'
    expect(html.split(escaped)).toHaveLength(9)
    expect(html).not.toMatch(/<script|<img|alert\("/)
  })

  it('says its language, title and width, and that it can be dark', () => {
    const html = renderPage(page({ heading: 'You are signed in' }))
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(html).toContain('<title>You are signed in · kubectl oidc-login</title>')
    expect(html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">')
    expect(styleOf(html)).toContain('@media (prefers-color-scheme:dark)')
  })

  it('is announced by screen readers, at once when something went wrong', () => {
    const roles = tones.map((tone) => /role="(\w+)"/.exec(renderPage(page({ tone })))?.[1])
    expect(roles).toEqual(['status', 'alert', 'alert', 'status'])
  })

  it('loads and runs nothing', () => {
    for (const tone of tones) {
      const html = renderPage(page({ tone, reason: 'r', hint: 'h', facts: [['a', 'b']] }))
      expect(html).not.toMatch(/<script|<link|<img|<iframe|\bon\w+=|style="|url\(|@import|https?:/)
    }
  })

  it('has exactly the style that the Content-Security-Policy allows', () => {
    const hash = createHash('sha256')
      .update(styleOf(renderPage(page())))
      .digest('base64')
    expect(styleSource).toBe(`'sha256-${hash}'`)
  })

  it('leaves out what is not known', () => {
    expect(renderPage(page())).not.toMatch(/<dl>|<section>/)
    expect(renderPage(page({ hint: 'h' }))).not.toContain('Reason')
  })
})

describe('the colours', () => {
  const [light = '', dark = ''] = styleOf(renderPage(page())).split(
    '@media (prefers-color-scheme:dark)',
  )
  const schemes: readonly (readonly [string, string])[] = [
    ['light', light],
    ['dark', dark],
  ]
  for (const [scheme, style] of schemes) {
    it(`have the contrast that WCAG 2.2 AA asks for when it is ${scheme}`, () => {
      const base = variables(/:root\{([^}]*)\}/.exec(style)?.[1])
      for (const text of ['text', 'soft']) {
        for (const ground of ['card', 'panel', 'page']) {
          expect(contrast(base.get(text), base.get(ground))).toBeGreaterThanOrEqual(4.5)
        }
      }
      for (const tone of tones) {
        const own = variables(new RegExp(`\\.${tone}\\{([^}]*)\\}`).exec(style)?.[1])
        const [accent, tint] = ['accent', 'tint'].map((name) => own.get(name) ?? base.get(name))
        expect(contrast(accent, tint)).toBeGreaterThanOrEqual(4.5)
      }
    })
  }
})

function variables(block = ''): Map<string, string> {
  return new Map(
    [...block.matchAll(/--(\w+):(#\w+)/g)].map(([, name = '', value = '']) => [name, value]),
  )
}

/** Contrast ratio of two colours, WCAG 2.2 "contrast ratio". */
function contrast(one = '', other = ''): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(colour: string): number {
  const digits = colour.length === 4 ? colour.replaceAll(/[^#]/g, '$&$&') : colour
  const [red = Number.NaN, green = Number.NaN, blue = Number.NaN] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(digits.slice(start, start + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
