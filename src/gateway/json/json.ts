/** A JSON value. Objects are Maps, because their keys come from strangers (`__proto__`, rule C16). */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object. */
export interface JsonObject extends ReadonlyMap<string, Json> {}
