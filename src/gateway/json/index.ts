export type { Json, JsonObject } from './json.ts'
export { parseJson } from './lenient-json.ts'
export { parseStrictJson } from './strict-json.ts'
