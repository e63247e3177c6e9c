import { createHash } from 'node:crypto'
import { escapeHtml } from '../../escape-html.ts'
import type { Onboarding } from '../../onboarding/index.ts'

/** A page and the policy that lets a browser show it, and nothing else. */
export interface HumanPage {
  readonly html: string
  readonly contentSecurityPolicy: string
}

/** The page for people: what this is, and the two commands to get in. No script, nothing loaded. */
export function humanPage({ clusterName, server, issuer }: Onboarding): HumanPage {
  const cluster = escapeHtml(clusterName)
  return {
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${cluster} · Kubernetes</title>
<style>${style}</style>
</head>
<body>
<main>
<p class="program">oidc-gateway</p>
<h1>Kubernetes cluster ${cluster}</h1>
<p>This is the way into a Kubernetes cluster. There is nothing to see for a browser: it is for
<code>kubectl</code>, which signs you in at <strong>${escapeHtml(issuer)}</strong>.</p>
<h2>Get in</h2>
<pre><code>kubectl oidc-login setup ${escapeHtml(server)}
kubectl get services</code></pre>
<p class="hint">The first command needs the kubectl plugin <code>oidc-login</code>, once on every computer. It shows what
it is going to write, and asks before it does.</p>
</main>
</body>
</html>
`,
    contentSecurityPolicy: `default-src 'none'; style-src 'sha256-${digest(style)}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

/** Contrast of each text with what is behind it is at least 4.5 : 1 (WCAG 2.2 §1.4.3), light and dark. */
const style = `
:root{color-scheme:light dark;--page:#f3f4f7;--card:#fff;--edge:#e1e4ea;--panel:#f1f3f6;--text:#171b22;--soft:#545c69}
@media(prefers-color-scheme:dark){:root{--page:#0f1217;--card:#181c23;--edge:#2b313c;--panel:#10141a;--text:#e8ebf0;--soft:#a5aebb}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--page);color:var(--text);font:1rem/1.55 system-ui,sans-serif}
main{width:100%;max-width:40rem;background:var(--card);border:1px solid var(--edge);border-radius:.9rem;padding:2rem}
.program{margin:0;color:var(--soft);font-size:.875rem}
h1{font-size:1.5rem;line-height:1.25;margin:.25rem 0 1rem;overflow-wrap:anywhere}
h2{font-size:1rem;margin:1.5rem 0 .5rem}
strong{overflow-wrap:anywhere}
pre{margin:0;padding:1rem;background:var(--panel);border:1px solid var(--edge);border-radius:.5rem;white-space:pre-wrap;overflow-wrap:anywhere}
code{font:.9rem/1.6 ui-monospace,monospace}
.hint{color:var(--soft);font-size:.875rem}
`
