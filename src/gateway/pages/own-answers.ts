import { formatOnboarding, type Onboarding, onboardingPath } from '../../onboarding/index.ts'
import type { OwnAnswer } from '../impersonation/index.ts'
import type { AdmittedRequest, HeaderLine } from '../request/index.ts'
import { humanPage } from './human-page.ts'

/**
 * What the gateway itself answers to somebody without credentials: how its cluster is used, for programs
 * at {@link onboardingPath} and for people who open the address in a browser. Both are made once: they
 * depend on nothing of the request, and neither shadows an API path, because whoever shows a token is
 * never answered here.
 *
 * @param onboarding public facts; without them nothing is answered
 * @throws OidcLoginError `onboarding_invalid` when the facts break the rules of the document
 */
export function ownAnswers(
  onboarding: Onboarding | undefined,
): (request: AdmittedRequest) => OwnAnswer | undefined {
  if (onboarding === undefined) return () => undefined
  const document = answer('application/json', formatOnboarding(onboarding), [
    ['Cache-Control', 'public, max-age=300'],
  ])
  const { html, contentSecurityPolicy } = humanPage(onboarding)
  const page = answer('text/html; charset=utf-8', html, [
    ['Cache-Control', 'no-store'],
    ['Content-Security-Policy', contentSecurityPolicy],
    ['Vary', 'Accept'],
  ])
  return (request) => {
    if (request.target === onboardingPath) return document
    return request.target === '/' && isBrowser(request) ? page : undefined
  }
}

function answer(type: string, body: string, more: readonly HeaderLine[]): OwnAnswer {
  return {
    kind: 'own',
    status: 200,
    headers: [
      ['Content-Type', type],
      ['X-Content-Type-Options', 'nosniff'],
      ['X-Frame-Options', 'DENY'],
      ['Referrer-Policy', 'no-referrer'],
      ...more,
    ],
    body,
  }
}

/** Programs of Kubernetes ask for JSON or protobuf; only browsers ask for HTML. */
function isBrowser({ endToEnd }: AdmittedRequest): boolean {
  return endToEnd.some(
    ([name, value]) => name.toLowerCase() === 'accept' && /\btext\/html\b/.test(value),
  )
}
