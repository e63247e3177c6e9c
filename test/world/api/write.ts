import type { Answer } from './answer.ts'
import type { Cluster, ObjectCall } from './call.ts'
import { withDefaults } from './defaults.ts'
import { type Json, textAt, valueAt } from './json.ts'
import { type KubernetesObject, type ObjectDraft, parseObject } from './object.ts'
import { applyPatch, patchTypes } from './patch.ts'
import { answerObject, existing } from './read.ts'
import { resourceTypes } from './resources.ts'
import { alreadyExists, badRequest, conflict, deleted, notFound } from './status.ts'
import { validateFields } from './strict-decoding.ts'

/** Creates the object in the body. */
export async function create(call: ObjectCall, cluster: Cluster): Promise<Answer> {
  const { type, namespace } = call
  const { json } = await call.readBody()
  if (namespace !== undefined) requireNamespace(namespace, cluster)
  const draft = parseObject(json, type, { namespace, name: undefined })
  const { name } = draft.metadata
  if (cluster.store.get(type, namespace, name)) throw alreadyExists({ ...type, name })
  return save(call, cluster, withDefaults(draft, type), 201)
}

/** Replaces an object by the one in the body. */
export async function update(call: ObjectCall, cluster: Cluster): Promise<Answer> {
  const { json } = await call.readBody()
  return change(call, cluster, () => json)
}

/** Changes an object by the patch in the body. */
export async function patch(call: ObjectCall, cluster: Cluster): Promise<Answer> {
  const { json, mediaType } = await call.readBody(patchTypes)
  return change(call, cluster, (before) => applyPatch(before, json, mediaType))
}

/** Deletes an object, and with a namespace all that is in it. */
export async function remove(call: ObjectCall, cluster: Cluster): Promise<Answer> {
  const { type, namespace, target } = call
  const { json: options } = await call.readBody()
  const { metadata } = existing(call, cluster)
  for (const field of ['uid', 'resourceVersion'] as const) {
    const wanted = textAt(options, `preconditions.${field}`)
    if (wanted !== '' && wanted !== metadata[field]) throw conflict({ ...type, name: target.name })
  }
  if (!isDryRun(call, valueAt(options, 'dryRun'))) {
    if (type.kind === 'Namespace') removeContents(metadata.name, cluster)
    cluster.store.remove(type, namespace, metadata.name)
  }
  return { code: 200, json: deleted({ ...type, name: metadata.name }, metadata.uid) }
}

function change(
  call: ObjectCall,
  cluster: Cluster,
  next: (before: KubernetesObject) => Json,
): Answer {
  const { type, namespace, target } = call
  const before = existing(call, cluster)
  const draft = parseObject(next(before), type, { namespace, name: target.name })
  for (const field of ['uid', 'resourceVersion'] as const) {
    const based = draft.metadata[field] ?? ''
    if (based !== '' && based !== before.metadata[field])
      throw conflict({ ...type, name: target.name })
  }
  return save(call, cluster, draft, 200)
}

function save(call: ObjectCall, cluster: Cluster, draft: ObjectDraft, code: number): Answer {
  const { type, request } = call
  const warnings = validateFields(draft, type, request.query)
  const { store } = cluster
  const kept = isDryRun(call, undefined) ? store.preview(type, draft) : store.save(type, draft)
  const answer = answerObject(call, cluster, kept, code)
  if (warnings.length === 0) return answer
  // RFC 7234 §5.5: kubectl prints the text of such a header.
  const warning = warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(', ')
  return { ...answer, headers: { warning } }
}

/** @param inBody `dryRun` of the DeleteOptions: a deletion can ask for it in either place */
function isDryRun({ request: { query } }: ObjectCall, inBody: Json | undefined): boolean {
  const values = [...query.getAll('dryRun'), ...(Array.isArray(inBody) ? inBody : [])]
  const wrong = values.find((value) => value !== 'All')
  if (wrong === undefined) return values.length > 0
  throw badRequest(`dryRun: Unsupported value: ${JSON.stringify(wrong)}: supported values: "All"`)
}

function requireNamespace(name: string, { store }: Cluster): void {
  const type = resourceTypes.find(({ kind }) => kind === 'Namespace')
  if (type && !store.get(type, undefined, name)) throw notFound({ ...type, name })
}

function removeContents(namespace: string, { store }: Cluster): void {
  for (const type of resourceTypes.filter(({ isNamespaced }) => isNamespaced)) {
    for (const { metadata } of store.list(type, namespace)) {
      store.remove(type, namespace, metadata.name)
    }
  }
}
