import { type AdmissionRules, admit } from './admit.ts'
import type { AdmittedRequest } from './admitted-request.ts'
import type { HeaderLine, RawRequest } from './raw-request.ts'
import type { Refusal } from './refusal.ts'
import { requestInfo } from './request-info.ts'
import { parseTarget } from './target.ts'

/** Takes a request apart or refuses it, by rules that are bound to it. */
export type Admission = (raw: RawRequest) => AdmittedRequest | Refusal

/**
 * Binds rules to {@link admit}. Of a request that has the lines and the method of one that was admitted only the target
 * is looked at: nothing else is new.
 */
export function createAdmission(rules: AdmissionRules): Admission {
  // By the lines, which are one array: what a connection does not know any more is forgotten here. The latest of each.
  const earlier = new WeakMap<readonly HeaderLine[], AdmittedRequest>()
  return (raw) => {
    // Any other version is the end of its connection.
    if (!raw.repeatsLines || raw.httpVersion !== '1.1') return admit(raw, rules)
    const known = earlier.get(raw.headers)
    if (known?.method === raw.method) return withTarget(known, raw.target)
    const request = admit(raw, rules)
    if (request.kind === 'admitted') earlier.set(raw.headers, request)
    return request
  }
}

function withTarget(request: AdmittedRequest, written: string): AdmittedRequest | Refusal {
  if (request.target === written) return request
  const target = parseTarget(written)
  if (target.kind === 'refused') return target
  const info = requestInfo(request.method, target)
  return { ...request, target: written, path: target.path, info }
}
