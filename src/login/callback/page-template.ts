import { createHash } from 'node:crypto'
import { escapeHtml } from '../../escape-html.ts'

/** What a page is about, which decides its mark and colours. */
export type PageTone = 'success' | 'refused' | 'error' | 'neutral'

/** What a page says. All of it is plain text; the template escapes it. */
export interface Page {
  readonly tone: PageTone
  /** What happened, in a few words: the title of the window and the heading. */
  readonly heading: string
  /** The same in one or two sentences. */
  readonly lead: string
  /** Names and values, for example who has signed in. */
  readonly facts?: readonly (readonly [name: string, value: string])[]
  /** Why it happened, in the words of whoever knows. */
  readonly reason?: string
  /** What to do about the reason. */
  readonly hint?: string
  /** What to do next. */
  readonly next: string
}

/** A page as an HTML document: no script, nothing loaded from elsewhere, one style element. */
export function renderPage(page: Page): string {
  const heading = escapeHtml(page.heading)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${heading} · kubectl oidc-login</title>
<style>${style}</style>
</head>
<body>
<main class="${page.tone}">
<p class="program">kubectl oidc-login</p>
<div role="${page.tone === 'success' || page.tone === 'neutral' ? 'status' : 'alert'}">
<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">${marks[page.tone]}</svg>
<h1>${heading}</h1>
<p class="lead">${escapeHtml(page.lead)}</p>
${facts(page.facts ?? [])}${reason(page)}</div>
<p class="next">${escapeHtml(page.next)}</p>
</main>
</body>
</html>
`
}

function facts(list: readonly (readonly [string, string])[]): string {
  if (list.length === 0) return ''
  const rows = list.map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  )
  return `<dl>${rows.join('')}</dl>\n`
}

function reason({ reason, hint }: Page): string {
  const parts = [
    reason === undefined ? '' : `<h2>Reason</h2>\n<p>${escapeHtml(reason)}</p>\n`,
    hint === undefined ? '' : `<h2>What you can do</h2>\n<p>${escapeHtml(hint)}</p>\n`,
  ].join('')
  return parts === '' ? '' : `<section>\n${parts}</section>\n`
}

const marks: Readonly<Record<PageTone, string>> = {
  success: '<path d="M5.5 12.5l4.2 4.2 8.8-9.4"/>',
  refused: '<circle cx="12" cy="12" r="7.5"/><path d="M6.8 6.8l10.4 10.4"/>',
  error: '<path d="M12 5.5v8"/><path d="M12 18.2v.1"/>',
  neutral: '<path d="M12 10.8v7.4"/><path d="M12 5.8v.1"/>',
}

/** Contrast of each text with what is behind it is at least 4.5 : 1 (WCAG 2.2 §1.4.3), light and dark. */
const style = `
:root{color-scheme:light dark;--page:#f3f4f7;--card:#fff;--edge:#e1e4ea;--panel:#f6f7f9;--text:#171b22;--soft:#545c69;--accent:#3f4c63;--tint:#e9edf4}
.success{--accent:#14703c;--tint:#dff3e6}
.refused{--accent:#8a4b00;--tint:#fdeed6}
.error{--accent:#b3261e;--tint:#fbe6e4}
@media (prefers-color-scheme:dark){
:root{--page:#101318;--card:#191d24;--edge:#2b313b;--panel:#20252e;--text:#eceff4;--soft:#a7b0be;--accent:#b9c6dc;--tint:#2a3342}
.success{--accent:#7fdca2;--tint:#173626}
.refused{--accent:#f5c073;--tint:#3d2c12}
.error{--accent:#ff9f96;--tint:#45201e}
}
*{box-sizing:border-box;margin:0}
body{min-height:100vh;min-height:100dvh;display:grid;grid-template-columns:minmax(0,30rem);place-content:center;padding:1.25rem;background:var(--page);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
main{padding:clamp(1.5rem,6vw,2.5rem);border:1px solid var(--edge);border-radius:1rem;background:var(--card);box-shadow:0 1px 2px rgb(0 0 0/.04),0 12px 32px rgb(0 0 0/.06);overflow-wrap:anywhere}
.program{color:var(--soft);font-size:.875rem;letter-spacing:.01em}
.mark{display:block;width:3.5rem;height:3.5rem;margin:1.75rem 0 1.25rem;padding:.8rem;border-radius:50%;background:var(--tint);fill:none;stroke:var(--accent);stroke-width:2.25;stroke-linecap:round;stroke-linejoin:round}
h1{font-size:1.625rem;line-height:1.25;font-weight:650;letter-spacing:-.015em;text-wrap:balance}
p{text-wrap:pretty}
.lead{margin-top:.625rem;color:var(--soft)}
dl{margin-top:1.5rem;border-top:1px solid var(--edge)}
dl div{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1.5rem;padding:.7rem 0;border-bottom:1px solid var(--edge)}
dt{color:var(--soft)}
dd{font-weight:600}
section{margin-top:1.5rem;padding:1rem 1.125rem;border-radius:.625rem;background:var(--panel)}
h2{color:var(--soft);font-size:.875rem;line-height:1.4;font-weight:600}
section p{margin-top:.125rem}
section p+h2{margin-top:.875rem}
.next{margin-top:1.5rem}
@media (forced-colors:active){.mark{border:2px solid}}
`

/** The style element's source expression for a Content-Security-Policy (CSP Level 3 §8.3). */
export const styleSource: string = `'sha256-${createHash('sha256').update(style).digest('base64')}'`
