import { tokens } from './tokens.ts'

/**
 * The head of a request of John's.
 *
 * @param start method and target: `GET /api/v1/pods`
 * @param lines header lines without line ends
 */
export function asJohn(start: string, ...lines: readonly string[]): string {
  return withLines(
    start,
    'Host: gateway.example.com',
    `Authorization: Bearer ${tokens.john}`,
    ...lines,
  )
}

/** The head of a request without anything that was not given, `Host` included. */
export function withLines(start: string, ...lines: readonly string[]): string {
  return [`${start} HTTP/1.1`, ...lines, '', ''].join('\r\n')
}
