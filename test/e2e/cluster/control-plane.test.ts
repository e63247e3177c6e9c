import { describe, expect, test } from 'vitest'
import { programs, sharedCluster } from '../../cluster/index.ts'
import { textAt } from '../../world/api/json.ts'
import { eventually } from '../../world/gateway/eventually.ts'

describe.skipIf(!programs)('the cluster of the tests', () => {
  test('runs a Deployment, whose pod says what a fake one says, and records who asked', async () => {
    const cluster = await sharedCluster()
    const namespace = await cluster.newNamespace()
    await cluster.apply(deployment, namespace)
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/hello`
    await eventually(
      async () => textAt(await cluster.api.get(path), 'status.availableReplicas') === '1',
    )
    const [event] = await cluster.auditEvents({
      isWanted: (each) => textAt(each, 'requestURI') === path,
    })
    expect(event).toMatchObject({ verb: 'get', user: { username: 'admin' } })
  })
})

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: hello}
spec:
  selector: {matchLabels: {app: hello}}
  template:
    metadata: {labels: {app: hello}}
    spec: {containers: [{name: hello, image: hello}]}
`
