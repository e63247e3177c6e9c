import { expect } from 'vitest'
import { send } from '../keycloak/request.ts'
import type { TutorialWorld } from './world.ts'

/** Lets Mallory change her own first name, as everybody may in Keycloak's account console. */
export async function callsHerselfJohn({ realm, password }: TutorialWorld): Promise<void> {
  const form = { grant_type: 'password', client_id: 'admin-cli', username: 'mallory', password }
  const { json } = await realm.requestToken(form)
  const { status } = await send({
    method: 'POST',
    url: `${realm.issuer}/account`,
    caPem: realm.caPem,
    token: String(Object(json).access_token),
    body: {
      username: 'mallory',
      email: 'mallory@example.com',
      firstName: 'john',
      lastName: 'Mallory',
    },
  })
  expect(status).toBe(204)
}
