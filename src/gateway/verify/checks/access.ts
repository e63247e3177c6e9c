import { type Check, failed, ok } from '../../../findings/index.ts'
import { parseJson } from '../../json/index.ts'
import { type Access, pathOf, type ResourceAccess } from '../access.ts'
import { bearer, type VerifyContext } from '../context.ts'
import type { HttpAnswer } from '../http-answer.ts'
import { messageIn } from '../identity.ts'

/** One check for each thing that this person may do, or may not do. */
export function accessChecks({
  may,
  mayNot,
}: Pick<VerifyContext, 'may' | 'mayNot'>): Check<VerifyContext>[] {
  return [
    ...may.map((access) => accessCheck(access, true)),
    ...mayNot.map((access) => accessCheck(access, false)),
  ]
}

function accessCheck(access: Access, isExpected: boolean): Check<VerifyContext> {
  return {
    name: `${isExpected ? 'may' : 'may-not'} ${access.text}`,
    needs: ['identity'],
    async run(context) {
      const { isAllowed, words } = isReading(access)
        ? await tried(context, access)
        : await reviewed(context, access)
      if (isAllowed === isExpected) return ok(words)
      return failed(
        words,
        isExpected
          ? 'Grant the right by RBAC, or name another one by --may.'
          : 'Take the right away, or name another one by --may-not.',
      )
    },
  }
}

/** Only what changes nothing is really done. */
function isReading(access: Access): boolean {
  return access.verb === 'get' || (access.kind === 'resource' && access.verb === 'list')
}

interface Outcome {
  readonly isAllowed: boolean | undefined
  readonly words: string
}

async function tried(context: VerifyContext, access: Access): Promise<Outcome> {
  const path = access.kind === 'path' ? access.path : await resourcePath(context, access)
  const target = access.verb === 'list' ? `${path}?limit=1` : path
  const answer = await context.ask({ target, lines: [bearer(context)] })
  const { status } = answer
  const isAbsentObject = status === 404 && access.verb === 'get' && access.kind === 'resource'
  if ((status >= 200 && status < 300) || isAbsentObject) {
    return { isAllowed: true, words: `Allowed (${status}).` }
  }
  if (status === 403) return { isAllowed: false, words: `Denied: ${messageIn(answer)}.` }
  return { isAllowed: undefined, words: `Answered with ${status}: ${messageIn(answer)}.` }
}

/** Where the objects are; the version of a group is asked for when it was not given. */
export async function resourcePath(
  context: VerifyContext,
  access: ResourceAccess,
): Promise<string> {
  const { group, version } = access
  if (version !== undefined || group === '') return pathOf(access, version ?? 'v1')
  const answer = await context.ask({ target: `/apis/${group}`, lines: [bearer(context)] })
  const { preferredVersion } = Object(parseJson(answer.body))
  return pathOf(access, String(Object(preferredVersion).version ?? 'v1'))
}

async function reviewed(context: VerifyContext, access: Access): Promise<Outcome> {
  const apiVersion = 'authorization.k8s.io/v1'
  const answer = await context.ask({
    method: 'POST',
    target: `/apis/${apiVersion}/selfsubjectaccessreviews`,
    lines: [bearer(context)],
    body: { apiVersion, kind: 'SelfSubjectAccessReview', spec: specOf(access) },
  })
  const { allowed } = Object(Object(parseJson(answer.body)).status)
  if (typeof allowed !== 'boolean') return unreadable(answer)
  return {
    isAllowed: allowed,
    words: `${allowed ? 'Allowed' : 'Denied'}, says a SelfSubjectAccessReview.`,
  }
}

function unreadable(answer: HttpAnswer): Outcome {
  const words = `A SelfSubjectAccessReview is answered with ${answer.status}: ${messageIn(answer)}.`
  return { isAllowed: undefined, words }
}

function specOf(access: Access): unknown {
  if (access.kind === 'path') {
    return { nonResourceAttributes: { verb: access.verb, path: access.path } }
  }
  const { verb, group, version, resource, subresource, name, namespace } = access
  return { resourceAttributes: { verb, group, version, resource, subresource, name, namespace } }
}
