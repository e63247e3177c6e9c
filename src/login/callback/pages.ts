import { printable } from '../../printable.ts'
import { type Page, renderPage } from './page-template.ts'

/** How a sign-in ended, as its page tells it. */
export type CallbackResult =
  | {
      readonly kind: 'signed-in'
      /** Who has signed in: `john`. */
      readonly identity?: string
      /** Where it is good for. */
      readonly cluster?: string
      /** Page (http or https) that is shown in the place of ours. */
      readonly redirectTo?: string
    }
  /** The provider, or the user there, said no. */
  | { readonly kind: 'refused'; readonly reason: string; readonly hint?: string }
  /** Something else went wrong, for example at the token endpoint. */
  | { readonly kind: 'failed'; readonly reason: string; readonly hint?: string }

const backToTerminal = 'You can close this tab and go back to the terminal.'
const signInGoesOn =
  'The sign-in that waits in the terminal is not affected. Go on with it in the tab that it opened.'

/** The page that tells the end of the sign-in to the user who made it. */
export function resultPage(result: CallbackResult): string {
  if (result.kind === 'signed-in') return signedInPage(result.identity, result.cluster)
  const { kind, reason, hint } = result
  const told = {
    reason: printable(reason, 600),
    ...(hint === undefined ? {} : { hint: printable(hint, 600) }),
    next: backToTerminal,
  }
  return renderPage(
    kind === 'refused'
      ? {
          tone: 'refused',
          heading: 'The sign-in was refused',
          lead: 'You are not signed in. The sign-in page did not let this sign-in through.',
          ...told,
        }
      : {
          tone: 'error',
          heading: 'The sign-in failed',
          lead: 'You are not signed in. The sign-in page sent you back, but then something went wrong.',
          ...told,
        },
  )
}

function signedInPage(identity: string | undefined, cluster: string | undefined): string {
  const facts: NonNullable<Page['facts']> = [
    ...(identity ? [['Signed in as', printable(identity, 100)] as const] : []),
    ...(cluster ? [['Cluster', printable(cluster, 100)] as const] : []),
  ]
  return renderPage({
    tone: 'success',
    heading: 'You are signed in',
    lead: 'The sign-in is complete. The command in the terminal goes on by itself.',
    facts,
    next: backToTerminal,
  })
}

/**
 * The page for an authorization response that must not be used.
 *
 * @param reason our own words only: the visitor may have been sent here by an attacker, whose text
 *   would look like ours
 */
export function notAcceptedPage(reason: string): string {
  return renderPage({
    tone: 'error',
    heading: 'This answer was not accepted',
    lead: 'It does not belong to the sign-in that waits in the terminal. Perhaps this tab is left over from an earlier one.',
    reason,
    next: signInGoesOn,
  })
}

/** The page for a second answer. */
export function alreadyUsedPage(): string {
  return renderPage({
    tone: 'neutral',
    heading: 'This sign-in was already answered',
    lead: 'Each sign-in can be answered once, and an answer has arrived before this one.',
    next: 'The terminal tells how it ended. You can close this tab.',
  })
}

/** The page for visitors without an answer. It holds nothing that helps them to make one. */
export function nothingHerePage(): string {
  return renderPage({
    tone: 'neutral',
    heading: 'Nothing to see here',
    lead: 'This address only takes the answer of a sign-in page.',
    next: 'Go back to the terminal; it says where to sign in.',
  })
}

/** The page for an answer by another method, above all `response_mode=form_post`. */
export function wrongMethodPage(): string {
  return renderPage({
    tone: 'error',
    heading: 'This request cannot be used',
    lead: 'The answer of a sign-in page is taken by the method GET only.',
    hint: 'Set the response mode of this client to "query" at the provider.',
    next: signInGoesOn,
  })
}

/** The page for a request that is broken, too large, too slow or meant for somebody else. */
export function badRequestPage(reason: string): string {
  return renderPage({
    tone: 'error',
    heading: 'This request cannot be used',
    lead: 'It is not what a browser sends when it comes back from a sign-in page.',
    reason,
    next: signInGoesOn,
  })
}
