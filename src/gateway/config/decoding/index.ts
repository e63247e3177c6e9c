export { formatProblem, type Problem, quote } from '../problem.ts'
export { closestName } from './closest-name.ts'
export { type Cursor, report } from './cursor.ts'
export { type Fields, fieldAt, fieldsOf, lineOfPath } from './fields.ts'
export { parseDocuments } from './source.ts'
export {
  booleanAt,
  durationAt,
  itemsOf,
  numberAt,
  oneOfAt,
  pathAt,
  sizeAt,
  textAt,
  textsAt,
} from './values.ts'
