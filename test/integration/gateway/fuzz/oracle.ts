import type { ArrivedRequest } from '../../../world/gateway/recorder.ts'
import { gatewayToken, tokens } from '../../../world/gateway/tokens.ts'

/**
 * What is wrong with a request that has reached the API server, as a stranger to the gateway's source
 * would say it; undefined when it is somebody's who was in the bytes.
 *
 * @param sent the bytes that made it
 */
export function faultOf(request: ArrivedRequest, sent: string): string | undefined {
  const names = request.headers.map(([name]) => name.toLowerCase().replaceAll('_', '-'))
  const authorization = request.values('authorization')
  const users = request.values('impersonate-user')
  if (request.values('host').length !== 1) return 'not one Host'
  if (authorization.length !== 1) return 'not one credential'
  if (!names.every((name) => /^[-!#$%&'*+.^`|~0-9a-z]+$/.test(name))) return 'a malformed name'
  if (names.some((name) => /^(?:x-remote-|cookie|proxy-|forwarded|x-real-ip)/.test(name))) {
    return 'a line that claims something'
  }
  if (request.values('x-forwarded-for').join() !== '127.0.0.1') return 'another address'
  if (authorization[0] === `Bearer ${tokens.serviceAccount}`) {
    return sent.toLowerCase().includes(tokens.serviceAccount)
      ? undefined
      : 'an account from nowhere'
  }
  if (authorization[0] !== `Bearer ${gatewayToken}`) return 'a foreign credential'
  if (users.length !== 1) return 'not one user'
  const other = names.filter(
    (name) => name.startsWith('impersonate') && name !== 'impersonate-user',
  )
  const groups = { john: 'developers', jane: 'admins' }[users[0] ?? '']
  if (groups === undefined) return 'an unknown user'
  if (other.length !== 1 || request.values('impersonate-group').join() !== groups) {
    return 'other groups'
  }
  return hasTokenOf(users[0] ?? '', sent) ? undefined : 'a user who was not there'
}

function hasTokenOf(user: string, sent: string): boolean {
  const token = `${user}-token`
  return sent.includes(token) || sent.includes(Buffer.from(token).toString('base64url'))
}
