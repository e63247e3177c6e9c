import { expect, test } from 'vitest'
import { claimsOf } from '../../world/api/test-cluster.ts'
import { gatewayWorld } from '../../world/gateway/program.ts'
import { connectRaw } from '../../world/gateway/raw-client.ts'

/** As kubectl does it: it looks whether an object is there, and creates it in the moment in which it knows. */
const rounds = 30

const pod = 'hello-6d4b75cb6d-x7k2p'

test('a large request that comes the moment the answer before it is there is no pile of requests', async () => {
  const world = await gatewayWorld()
  const { port } = await world.serve()
  const token = await world.issuer.sign(claimsOf('jane', 'cluster-admins'))
  const client = await connectRaw({ port, certificateAuthority: world.authority.certPem })
  const path = '/api/v1/namespaces/default/configmaps'
  const lines = `Host: localhost:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json`
  for (let round = 0; round < rounds; round += 1) {
    const name = `made-${round}`
    const body = JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
      data: { large: 'x'.repeat(200_000) },
    })
    client.write(`GET ${path}/${name} HTTP/1.1\r\n${lines}\r\n\r\n`)
    expect((await client.response()).status).toBe(404)
    client.write(
      `POST ${path} HTTP/1.1\r\n${lines}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    expect((await client.response()).status).toBe(201)
  }
})

test('an upgrade that comes the moment the answer before it is there is served', async () => {
  const world = await gatewayWorld()
  const { port } = await world.serve()
  const token = await world.issuer.sign(claimsOf('jane', 'cluster-admins'))
  const pods = '/api/v1/namespaces/default/pods'
  const lines = `Host: localhost:${port}\r\nAuthorization: Bearer ${token}`
  const upgrade =
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: v5.channel.k8s.io'
  for (let round = 0; round < rounds; round += 1) {
    const client = await connectRaw({ port, certificateAuthority: world.authority.certPem })
    client.write(`GET ${pods}/${pod} HTTP/1.1\r\n${lines}\r\n\r\n`)
    expect((await client.response()).status).toBe(200)
    client.write(
      `GET ${pods}/${pod}/exec?command=date&stdout=true HTTP/1.1\r\n${lines}\r\n${upgrade}\r\n\r\n`,
    )
    expect((await client.response(true)).status).toBe(101)
    client.destroy()
  }
})
