export type { Json, JsonObject } from './json.ts'
export { parseStrictJson } from './strict-json.ts'
