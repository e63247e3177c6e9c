import type { Decision } from '../impersonation/index.ts'
import { type Refusal, refuse } from '../request/index.ts'
import type { ResponseHead } from '../upstream/index.ts'

/** A refusal of the API server is small; a longer answer is somebody else's. */
export const longestRefusal: number = 64 * 1024

/**
 * Whether an answer may say that we lack a right, which only its body tells: a 403 to a request that was
 * sent in the name of somebody. Behind `…/proxy` a program in the cluster answers.
 */
export function mayBeAboutUs(decision: Decision, { status }: ResponseHead): boolean {
  if (decision.kind !== 'forward' || status !== 403) return false
  const { subresource, verb } = decision.request.info
  return subresource !== 'proxy' && verb !== 'proxy'
}

/**
 * What is answered in the place of a 403 that is about the gateway: the API server names a user whom
 * nobody knows, and a verb that nobody used (`User "system:serviceaccount:…" cannot impersonate …`). A
 * refusal that is about the user himself never has these words, because he impersonates nobody.
 *
 * @param body the whole body, in whatever format the client asked for
 * @returns undefined when it is about the user
 */
export function ownRightRefusal(body: Buffer): Refusal | undefined {
  if (!aboutUs.test(messageIn(body))) return undefined
  return refuse(
    502,
    'upstream_impersonation_refused',
    'The gateway itself lacks the right to impersonate; your own rights are not the cause. Its operator has to grant it: "oidc-gateway doctor" prints the rule.',
  )
}

/** As the authorizer of kube-apiserver words it; YAML breaks long lines. */
const aboutUs = /(^|\bis )forbidden: User "[^"\\]+"\s+cannot\s+impersonate/

/** JSON escapes quotes; YAML and Protocol Buffers leave text as it is. */
function messageIn(body: Buffer): string {
  const text = body.toString('utf8')
  try {
    return String(Object(JSON.parse(text)).message)
  } catch {
    return text
  }
}
