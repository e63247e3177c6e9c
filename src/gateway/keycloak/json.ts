/** A JSON object, as Keycloak calls it: a representation. */
export type Representation = Readonly<Record<string, unknown>>

/** A value when it is a JSON object, else an empty one. */
export function objectIn(value: unknown): Representation {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

/** The objects of a list; none when it is no list. */
export function objectsIn(value: unknown): readonly Representation[] {
  return Array.isArray(value) ? value.map(objectIn) : []
}

/** The texts of a list; none when it is no list. */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
