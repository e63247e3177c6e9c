import { STATUS_CODES } from 'node:http'

/**
 * The first line of a response.
 *
 * @param text undefined for the usual one
 */
export function statusLine(status: number, text?: string): string {
  return `HTTP/1.1 ${status} ${text ?? STATUS_CODES[status] ?? ''}`
}
