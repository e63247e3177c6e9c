/** What the login page shows. */
export interface LoginPage {
  /** Where the form is sent. */
  readonly action: string
  /** Name of the application that the person signs in to. */
  readonly application: string
  /** What the field of the username holds. */
  readonly username: string
  /** Why the last attempt failed. */
  readonly error?: string
}

/** The login form: `username`, `password`, and a button `action` = `sign-in` or `cancel`. */
export function loginPage({ action, application, username, error }: LoginPage): string {
  const alert = error === undefined ? '' : `<p class="alert" role="alert">${escapeHtml(error)}</p>`
  const [onUsername, onPassword] = username === '' ? [' autofocus', ''] : ['', ' autofocus']
  return page(
    'Sign in',
    `<p>to continue to <strong>${escapeHtml(application)}</strong></p>
    ${alert}
    <form method="post" action="${escapeHtml(action)}">
      <label for="username">Username</label>
      <input id="username" name="username" type="text" value="${escapeHtml(username)}" required
        autocomplete="username" autocapitalize="none" spellcheck="false"${onUsername}>
      <label for="password">Password</label>
      <input id="password" name="password" type="password" required
        autocomplete="current-password"${onPassword}>
      <button name="action" value="sign-in">Sign in</button>
      <button name="action" value="cancel" class="quiet" formnovalidate>Cancel</button>
    </form>`,
  )
}

/** A page that only says something. */
export function messagePage(title: string, text: string): string {
  return page(title, `<p>${escapeHtml(text)}</p>`)
}

/** One button of a {@link questionPage}. */
export interface PageButton {
  /** What the button says. */
  readonly label: string
  /** The field that pressing it sends. */
  readonly field?: { readonly name: string; readonly value: string }
}

/** A page around a form that oidc-provider has made. */
export interface QuestionPage {
  /** Heading. */
  readonly title: string
  /** What the person has to know. */
  readonly text: string
  /** HTML of the form, which has no button. */
  readonly form: string
  /** The buttons; the first one is the way on. */
  readonly buttons: readonly PageButton[]
}

/** A page that asks a question of oidc-provider: a user code, a confirmation, a sign-out. */
export function questionPage({ title, text, form, buttons }: QuestionPage): string {
  const id = /id="([^"]+)"/.exec(form)?.[1] ?? ''
  const buttonsHtml = buttons.map(({ label, field }, index) => {
    const data = field ? ` name="${escapeHtml(field.name)}" value="${escapeHtml(field.value)}"` : ''
    const look = index === 0 ? '' : ' class="quiet"'
    return `<button form="${escapeHtml(id)}"${data}${look}>${escapeHtml(label)}</button>`
  })
  return page(title, `<p>${escapeHtml(text)}</p>\n${form}\n${buttonsHtml.join('\n')}`)
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)} · Example SSO</title>
<style>${style}</style>
</head>
<body>
<header>${mark}<span>Example SSO</span></header>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
</main>
<footer>A provider for tests and demonstrations</footer>
</body>
</html>
`
}

const mark = `<svg viewBox="0 0 24 24" aria-hidden="true"><path fill="currentColor" d="M12 1 3 5v6c0
 5.5 3.8 10.3 9 12 5.2-1.7 9-6.5 9-12V5l-9-4Zm0 6a3 3 0 0 1 1.4 5.6L14.2 17H9.8l.8-4.4A3 3 0 0 1 12
 7Z"/></svg>`

const style = `
:root { color-scheme: light dark; --accent: light-dark(#2451d6, #8aa8ff);
  --on-accent: light-dark(#fff, #0c1330); --ground: light-dark(#eef1f8, #0f1320);
  --card: light-dark(#fff, #191f31); --line: light-dark(#c3cadb, #3a4561);
  --text: light-dark(#1a2138, #e8ecf8); --soft: light-dark(#55607d, #a3aec9);
  --bad: light-dark(#a3162b, #ffb3bd); --bad-ground: light-dark(#fdecee, #3c1820) }
* { box-sizing: border-box }
form { margin: 0 }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; justify-items: center;
  gap: 1.25rem; padding: 1.5rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif }
header { display: flex; align-items: center; gap: .5rem; font-weight: 600; color: var(--accent) }
header svg { width: 1.75rem }
main { width: min(24rem, calc(100vw - 3rem)); padding: 2rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 1rem; box-shadow: 0 .5rem 2rem #0a144014 }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.2 }
p { margin: .35rem 0 1.25rem; color: var(--soft) }
p strong { color: var(--text) }
.alert { padding: .6rem .8rem; border-radius: .5rem; background: var(--bad-ground);
  color: var(--bad); font-weight: 500 }
label { display: block; margin-bottom: .25rem; font-size: .875rem; font-weight: 600 }
input:not([type=hidden]) { width: 100%; margin-bottom: 1rem; padding: .65rem .75rem; font: inherit;
  color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .5rem }
input:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px }
button { width: 100%; margin-top: .5rem; padding: .7rem; font: inherit; font-weight: 600;
  cursor: pointer; color: var(--on-accent); background: var(--accent);
  border: 1px solid var(--accent); border-radius: .5rem }
button:hover { filter: brightness(1.1) }
button.quiet { color: var(--soft); background: transparent; border-color: transparent }
footer { font-size: .8125rem; color: var(--soft) }
`

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
