/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject

/** A JSON object. */
export interface JsonObject {
  readonly [field: string]: Json | undefined
}

/** Whether a parsed value is a JSON object, not null and not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Parses JSON text.
 *
 * @throws SyntaxError when the text is not JSON
 */
export function parseJson(text: string): Json {
  return JSON.parse(text)
}

/**
 * The value at a path of field names.
 *
 * @param path field names joined by dots, for example `spec.clusterIP`
 */
export function valueAt(value: Json | undefined, path: string): Json | undefined {
  let current = value
  for (const field of path.split('.')) {
    if (!isJsonObject(current) || !Object.hasOwn(current, field)) return undefined
    current = current[field]
  }
  return current
}

/** The text or number at a path, as text; the empty string when there is none. */
export function textAt(value: Json | undefined, path: string): string {
  const found = valueAt(value, path)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}

/** The number at a path, or 0. */
export function numberAt(value: Json | undefined, path: string): number {
  const found = valueAt(value, path)
  return typeof found === 'number' ? found : 0
}

/** The items of the list at a path; no item when there is no list. */
export function itemsAt(value: Json | undefined, path: string): readonly Json[] {
  const found = valueAt(value, path)
  return Array.isArray(found) ? found : []
}

/** The pairs of an object whose values are text, such as labels; no pair for anything else. */
export function textPairsAt(value: Json | undefined, path: string): [string, string][] {
  const found = valueAt(value, path)
  if (!isJsonObject(found)) return []
  return Object.entries(found).flatMap(([key, text]): [string, string][] =>
    typeof text === 'string' ? [[key, text]] : [],
  )
}
