import { isJsonObject, type Json } from './json.ts'
import { StatusError } from './status.ts'

/** RFC 7396. */
const mergePatchType = 'application/merge-patch+json'
const strategicMergePatchType = 'application/strategic-merge-patch+json'

/** The kinds of patch that are understood. */
export const patchTypes: readonly string[] = [mergePatchType, strategicMergePatchType]

/**
 * Applies a patch. A strategic merge patch is accepted as long as it means the same as a merge
 * patch: without directives and without lists of objects, whose merge keys this server does not
 * know.
 *
 * @throws {StatusError} 415 for any other strategic merge patch
 */
export function applyPatch(target: Json, patch: Json, mediaType: string): Json {
  if (mediaType === strategicMergePatchType) requirePlain(patch)
  return merge(target, patch)
}

function merge(target: Json, patch: Json): Json {
  if (!isJsonObject(patch)) return patch
  const merged = new Map(isJsonObject(target) ? Object.entries(target) : [])
  for (const [field, value] of Object.entries(patch)) {
    if (value === null || value === undefined) merged.delete(field)
    else merged.set(field, merge(merged.get(field) ?? null, value))
  }
  return Object.fromEntries(merged)
}

function requirePlain(patch: Json): void {
  if (Array.isArray(patch) && patch.some(isJsonObject)) throw unsupportedPatch('lists of objects')
  if (!isJsonObject(patch)) return
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith('$')) throw unsupportedPatch('directives')
    if (value !== undefined) requirePlain(value)
  }
}

function unsupportedPatch(what: string): StatusError {
  const message = `this server does not understand ${what} in a strategic merge patch; send ${mergePatchType}`
  return new StatusError(415, 'UnsupportedMediaType', message, { details: {} })
}
