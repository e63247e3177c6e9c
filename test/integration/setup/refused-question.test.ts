import { expect, test } from 'vitest'
import { expectFailure } from '../errors/expect-failure.ts'
import { withGateway } from './setting.ts'

const status = (message: string) => ({ kind: 'Status', message })

test.each([
  {
    code: 'token_not_accepted',
    what: 'does not accept the token',
    answer: [401, status('Unauthorized')],
    says: /The API server \S+ does not accept the token.*/,
    hint: /.*issuer.*audience.*/,
  },
  {
    code: 'review_forbidden',
    what: 'lets nobody ask who he is',
    answer: [403, status('User "john" cannot create selfsubjectreviews')],
    says: /The API server \S+ accepts the token, but does not let the user ask who he is: User "john" cannot .*\./,
    hint: /Bind the group system:authenticated to the cluster role system:basic-user, .*/,
  },
  {
    code: 'api_server_too_old',
    what: 'does not know the question',
    answer: [404, status('the server could not find the requested resource')],
    says: /The API server \S+ does not know SelfSubjectReview, which came with Kubernetes 1\.28\./,
    hint: /See whether kubectl works: .*/,
  },
  {
    code: 'api_server_unavailable',
    what: 'is overloaded',
    answer: [503, status('busy')],
    says: /The API server \S+ is unavailable: busy.*\./,
    hint: /Try again in a moment\./,
  },
  {
    code: 'api_server_response_invalid',
    what: 'is none',
    answer: [200, 'Welcome'],
    says: /\S+ does not work as a Kubernetes API server: .*\./,
    hint: /Check the URL of the API server, and proxies and load balancers in front of it\./,
  },
] as const)('who signs in at a server that $what hears so', async (failure) => {
  const { john, gateway, setup } = await withGateway()
  const [code, body] = failure.answer
  gateway.answerBehind = (response) => {
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  expectFailure(await john.run([...setup, '--yes', '-v1']), failure)
  expect(john.openedPages()).toBe(1)
})
