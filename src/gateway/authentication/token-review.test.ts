import { expect, test } from 'vitest'
import { readTokenReview } from './index.ts'

test.each([
  ['B3 an honest yes', { status: { authenticated: true } }, [], 'authenticated'],
  ['B3 an empty error', { status: { authenticated: true, error: '' } }, [], 'authenticated'],
  ['B3 no', { status: { authenticated: false } }, [], 'refused'],
  ['B2 an answer that does not say', { status: { user: { username: 'john' } } }, [], 'refused'],
  ['B2 no status', {}, [], 'refused'],
  ['B3 a yes as text', { status: { authenticated: 'true' } }, [], 'refused'],
  ['B3 a yes as a number', { status: { authenticated: 1 } }, [], 'refused'],
  ['B3 a yes with an error', { status: { authenticated: true, error: 'bad' } }, [], 'refused'],
  ['B3 a yes that is inherited', { status: Object.create({ authenticated: true }) }, [], 'refused'],
  [
    'B3 one of our audiences',
    { status: { authenticated: true, audiences: ['a', 'gateway'] } },
    ['gateway'],
    'authenticated',
  ],
  [
    'B3 other audiences',
    { status: { authenticated: true, audiences: ['a'] } },
    ['gateway'],
    'refused',
  ],
  ['B3 no audiences', { status: { authenticated: true } }, ['gateway'], 'refused'],
  [
    'B3 an audience as text',
    { status: { authenticated: true, audiences: 'gateway' } },
    ['gateway'],
    'refused',
  ],
  ['no object', 'authenticated', [], 'refused'],
  ['null', null, [], 'refused'],
])('%s', (_, answer, audiences, outcome) => {
  expect(readTokenReview(answer, audiences)).toBe(outcome)
})
