export { doctorChecks } from './all-checks.ts'
export type { DoctorContext } from './context.ts'
export { doctorContext } from './doctor-context.ts'
