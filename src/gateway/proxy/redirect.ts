import type { ResponseHead } from '../upstream/index.ts'

/**
 * Whether an answer sends the client to another host, with its token (CVE-2020-8559, CVE-2022-3172). A
 * redirection is never followed here; one that stays on the same host travels on (rule D7).
 */
export function isForeignRedirect(head: ResponseHead): boolean {
  if (head.status < 300 || head.status > 399) return false
  return head.headers.some(
    ([name, target]) => name.toLowerCase() === 'location' && namesHost(target),
  )
}

/** A host that no client knows stands for the one that it came from. */
const here = 'https://gateway.invalid'

/** Read as browsers read it: `/\host` and `//host` name a host as well. */
function namesHost(target: string): boolean {
  try {
    return new URL(target, here).origin !== here
  } catch {
    return true
  }
}
