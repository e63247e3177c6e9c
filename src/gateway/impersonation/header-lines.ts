import type { UserInfo } from '../identity/index.ts'
import type { HeaderLine } from '../request/index.ts'

/**
 * The `Impersonate-*` lines for a user: one line a value, never joined, because names hold commas
 * (rule A11). The user must be representable.
 */
export function impersonationLines(user: UserInfo): HeaderLine[] {
  return [
    ['Impersonate-User', headerValue(user.username)],
    ...(user.uid === '' ? [] : [line('Impersonate-Uid', user.uid)]),
    ...[...new Set(user.groups)].map((group) => line('Impersonate-Group', group)),
    ...[...user.extra].flatMap(([key, values]) =>
      values.map((value) => line(`Impersonate-Extra-${escapedKey(key)}`, value)),
    ),
  ]
}

/** UTF-8 bytes as the Latin-1 characters that Node writes as bytes (rule A10). */
export function headerValue(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** The text behind a header's bytes. */
export function textOf(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8')
}

/**
 * An extra key as part of a header's name: every byte that is no token character, and `%` itself, as
 * `%XX` (k8s.io/client-go transport/round_trippers.go, `headerKeyEscape`).
 */
function escapedKey(key: string): string {
  return headerValue(key).replaceAll(
    /[^!#$&'*+\-.^_`|~0-9A-Za-z]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

function line(name: string, text: string): HeaderLine {
  return [name, headerValue(text)]
}
