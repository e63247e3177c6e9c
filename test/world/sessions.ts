import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  diskStore,
  type Session,
  type SessionIdentity,
  sessionKey,
} from '../../src/session/index.ts'
import { testSystem } from './system.ts'

/** What a test may say of a session that lies in a folder from the start. */
export interface StoredSession extends Partial<Session> {
  readonly issuer: string
  readonly clientId?: string
}

/** Stores a session as the plugin would have done, and returns the path of its file. */
export async function storeSession(folder: string, stored: StoredSession): Promise<string> {
  const { issuer, clientId, ...given } = stored
  const identity: SessionIdentity = {
    issuer,
    clientId: clientId ?? 'kubernetes',
    scopes: ['openid'],
    tokenKind: 'id_token',
    extraParameters: {},
  }
  const now = Date.now()
  const session: Session = {
    identity,
    token: 'header.stored-token.signature',
    obtainedAt: now - 1_000,
    refreshAt: now + 3_540_000,
    expiresAt: now + 3_600_000,
    ...given,
  }
  const key = sessionKey(session.identity)
  await diskStore(testSystem().system, folder).write(key, session)
  return join(folder, `${key.name}.json`)
}

/** The only session file in a folder, parsed. */
export function readSession(folder: string): Record<string, unknown> {
  const value: unknown = JSON.parse(readFileSync(sessionFile(folder), 'utf8'))
  return Object(value)
}

/** Changes fields of the only session file in a folder. */
export function changeSession(folder: string, changes: Readonly<Record<string, unknown>>): void {
  writeFileSync(sessionFile(folder), JSON.stringify({ ...readSession(folder), ...changes }))
}

/** Makes the only session in a folder end now, as if its time had passed. */
export function expireSession(folder: string): void {
  const now = Date.now()
  changeSession(folder, { refreshAt: now - 2_000, expiresAt: now - 1_000 })
}

/** Names of the session files in a folder. */
export function sessionFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.json'))
}

function sessionFile(folder: string): string {
  const [name, ...others] = sessionFiles(folder)
  if (name === undefined || others.length > 0) {
    throw new Error(`${others.length + (name ? 1 : 0)} session files in ${folder}`)
  }
  return join(folder, name)
}
