import { OidcLoginError, systemErrorCode } from '../errors.ts'
import { expandHome } from '../session/index.ts'
import type { FileContents, ReadingSystem } from '../system/index.ts'
import type { OptionValues } from './given-options.ts'

/**
 * Reads a file that an option names; `~` stands for the home folder.
 *
 * @throws OidcLoginError `file_unreadable`
 */
export function readNamedFile(system: ReadingSystem, path: string): string {
  const absolute = expandHome(system, path)
  let contents: FileContents | undefined
  try {
    contents = system.files.read(absolute)
  } catch (error) {
    throw unreadable(absolute, reasonOf(error))
  }
  if (contents === undefined) throw unreadable(absolute, 'there is no such file')
  return contents.text
}

function reasonOf(error: unknown): string {
  const code = systemErrorCode(error)
  return code === 'EISDIR' ? 'it is not a regular file' : (code ?? 'it is too large')
}

function unreadable(path: string, why: string): OidcLoginError {
  return new OidcLoginError('file_unreadable', `The file ${path} cannot be read: ${why}.`, {
    hint: 'Check the path; a relative one starts at the current folder.',
  })
}

/**
 * Reads a token from a file that somebody else writes, and replaces while we are not looking.
 *
 * @throws OidcLoginError `file_unreadable`, also when the file is empty
 */
export function readToken(system: ReadingSystem, path: string): string {
  const token = readNamedFile(system, path).trim()
  if (token !== '') return token
  throw new OidcLoginError('file_unreadable', `The file ${path} holds no token: it is empty.`, {
    hint: 'Whoever writes it may not have done so yet. Try again.',
  })
}

/**
 * A secret from its option, or from the file that the option with the same name and `-file` names.
 * One line break at the end of the file does not count, nor does a byte order mark at its beginning.
 *
 * @throws OidcLoginError `usage_invalid` when both are given, `file_unreadable`
 */
export function secretOf(
  system: ReadingSystem,
  options: OptionValues,
  name: string,
): string | undefined {
  const direct = options.text(name)
  const path = options.text(`${name}-file`)
  if (path === undefined) return direct
  if (direct !== undefined) {
    throw new OidcLoginError(
      'usage_invalid',
      `The options --${name} and --${name}-file exclude each other.`,
      { hint: 'Give one of them. Either may also come from the environment.' },
    )
  }
  const secret = readNamedFile(system, path)
    .replace(/^\ufeff/, '')
    .replace(/\r?\n$/, '')
  if (secret === '') throw unusable(path, 'it is empty')
  // What is not UTF-8 was decoded to U+FFFD; UTF-16, which PowerShell writes, is full of zeros.
  if (/[\ufffd\0]/.test(secret)) throw unusable(path, 'it is not UTF-8 text')
  return secret
}

function unusable(path: string, why: string): OidcLoginError {
  return new OidcLoginError('file_unreadable', `The file ${path} cannot be used: ${why}.`, {
    hint: 'It must hold the secret and nothing else, as UTF-8 text.',
  })
}
