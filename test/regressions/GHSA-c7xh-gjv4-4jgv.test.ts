import { expect, test } from 'vitest'
import { attackedGateway } from '../world/gateway/attacked.ts'

// kcp let people impersonate global administrative groups.
const gateway = attackedGateway('impersonation: {nested: review}')

test('GHSA-c7xh-gjv4-4jgv the administrators of the cluster are nobody’s groups', async () => {
  for (const group of ['system:masters', 'system:nodes', 'system:kcp:admin']) {
    const bearer = `Bearer ${gateway().token({ groups: [group] })}`
    const request = gateway()
      .asJohn('GET /api')
      .replace(/Bearer \S+/, bearer)
    await gateway().expectRefused(request, 403)
  }
})

test('GHSA-c7xh-gjv4-4jgv acting as them needs a yes of the API server, and silence is none', async () => {
  const { asJohn, recorder, send } = gateway()
  const before = recorder.requests.length
  const answer = await send(
    asJohn('GET /as-masters', 'Impersonate-User: john', 'Impersonate-Group: system:masters'),
  )
  expect(answer?.status).toBe(503)
  const targets = recorder.requests.slice(before).map(({ target }) => target)
  expect(targets).toContain('/apis/authorization.k8s.io/v1/subjectaccessreviews')
  expect(targets).not.toContain('/as-masters')
})
