import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A path in the system's folder of temporary files that nobody can guess and nobody uses. */
export function temporaryPath(name: string): string {
  return join(tmpdir(), `oidc-login-${name}-${randomBytes(12).toString('hex')}`)
}
