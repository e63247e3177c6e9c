import { findForm, type HtmlField, type HtmlForm } from './login-driver-html.ts'
import { openTab } from './login-driver-http.ts'

/** Who sits in front of the browser. */
export interface SignInOptions {
  /** Typed into the login form. */
  readonly username: string
  /** Typed into the login form. */
  readonly password: string
  /** Certificate authority of the provider, PEM; by default those that Node trusts. */
  readonly ca?: string
  /** Whether the person presses Cancel. */
  readonly cancel?: boolean
  /** Called before a redirect is followed, and waited for. */
  readonly onRedirect?: (target: URL) => Promise<void>
}

/** The page at which a sign-in has ended. */
export interface SignInOutcome {
  /** HTTP status of the page. */
  readonly status: number
  /** The page. */
  readonly html: string
  /** Its URL. After an honest sign-in it holds the authorization code: keep it out of output. */
  readonly finalUrl: string
}

const maxForms = 10

/**
 * Plays a person with a browser: opens a URL, fills in the forms that the provider shows, and goes
 * on until a page is reached that is not the provider's, or that has no form. A login form that
 * comes back is returned as it is: the password was wrong. It does device sign-ins and sign-outs,
 * too.
 *
 * @param startUrl authorization URL, verification URL or end-session URL
 */
export async function signInThroughForm(
  startUrl: string,
  options: SignInOptions,
): Promise<SignInOutcome> {
  const tab = openTab(options.ca, options.onRedirect)
  let page = await tab.open(new URL(startUrl))
  let origin: string | undefined
  let hasTyped = false
  for (let forms = 0; forms < maxForms; forms += 1) {
    const form = findForm(page.html)
    const isElsewhere = origin !== undefined && page.url.origin !== origin
    if (!form || isElsewhere || (hasTyped && asksForPassword(form))) {
      return { status: page.status, html: page.html, finalUrl: page.url.href }
    }
    origin = page.url.origin
    hasTyped ||= asksForPassword(form)
    const target = new URL(form.action || page.url, page.url)
    const sent = fillIn(form, options)
    if (form.method === 'post') page = await tab.open(target, sent)
    else page = await tab.open(new URL(`?${sent}`, target))
  }
  throw new Error(`the provider showed more than ${maxForms} forms`)
}

function asksForPassword(form: HtmlForm): boolean {
  return form.fields.some(({ type }) => type === 'password')
}

function fillIn(form: HtmlForm, options: SignInOptions): URLSearchParams {
  const typed = new Map(Object.entries({ username: options.username, password: options.password }))
  const sent = new URLSearchParams()
  for (const { name, value, type } of form.fields) {
    if (name === '' || type === 'checkbox') continue
    sent.append(name, typed.get(name) ?? value)
  }
  const button = options.cancel ? form.buttons.find(isCancel) : undefined
  const { name, value } = button ?? form.buttons[0] ?? { name: '', value: '' }
  if (name !== '') sent.append(name, value)
  return sent
}

function isCancel({ name, value }: HtmlField): boolean {
  return value === 'cancel' || name === 'cancel' || name === 'abort'
}
