import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Onboarding, onboardingPath, parseOnboarding } from '../../onboarding/index.ts'
import type { OwnAnswer } from '../impersonation/index.ts'
import { admit, type HeaderLine } from '../request/index.ts'
import { rules } from '../testing/samples.ts'
import { ownAnswers } from './own-answers.ts'

const facts: Onboarding = {
  clusterName: 'demo',
  server: 'https://gateway.example.com',
  certificateAuthority: undefined,
  issuer: 'https://sso.example.com/realms/demo',
  clientId: 'kubernetes',
  scopes: ['profile'],
}

function asked(
  target: string,
  headers: readonly HeaderLine[] = [],
  onboarding: Onboarding | undefined = facts,
): OwnAnswer | undefined {
  const raw = { method: 'GET', target, httpVersion: '1.1', repeatsLines: false }
  const request = admit({ ...raw, headers: [['Host', 'gateway.example.com'], ...headers] }, rules)
  if (request.kind === 'refused') throw new Error(request.message)
  return ownAnswers(onboarding)(request)
}

const browser: readonly HeaderLine[] = [['Accept', 'text/html,application/xhtml+xml;q=0.9']]

test('the document is what setup reads', () => {
  const answer = asked(onboardingPath)
  expect(parseOnboarding(answer?.body ?? '', 'https://gateway.example.com')).toEqual(facts)
  expect(answer?.headers).toContainEqual(['Cache-Control', 'public, max-age=300'])
})

test('a browser sees a page whose only style is the one that its policy allows', () => {
  const answer = asked('/', browser)
  expect(answer?.body).toContain('kubectl oidc-login setup https://gateway.example.com')
  const policy = answer?.headers.find(([name]) => name === 'Content-Security-Policy')?.[1]
  const style = /<style>([\s\S]*?)<\/style>/.exec(answer?.body ?? '')?.[1] ?? ''
  expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`)
  expect(answer?.body).not.toMatch(/<script|src=|href=/)
})

test('programs and other paths get nothing: no API path is shadowed', () => {
  expect(asked('/')).toBeUndefined()
  expect(asked('/', [['Accept', 'application/json, */*']])).toBeUndefined()
  for (const target of [
    '/api',
    '/?x',
    `${onboardingPath}/`,
    `${onboardingPath}?x`,
    '/.well-known/openid-configuration',
  ]) {
    expect(asked(target, browser)).toBeUndefined()
  }
})

test('without facts nothing is told', () => {
  const silent = ownAnswers(undefined)
  const raw = { method: 'GET', target: '/', httpVersion: '1.1', repeatsLines: false }
  const request = admit({ ...raw, headers: [['Host', 'g'], ...browser] }, rules)
  expect(request.kind === 'admitted' && silent(request)).toBeUndefined()
})

test('names are text on the page, never markup', () => {
  const answer = asked('/', browser, { ...facts, issuer: 'https://sso.example.com/a&b' })
  expect(answer?.body).toContain('https://sso.example.com/a&#38;b')
})
