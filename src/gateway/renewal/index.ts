export { keepRenewed } from './keep-renewed.ts'
export { type Proof, prove } from './prove.ts'
export type { RenewalObserver, RenewalOptions } from './renewal-options.ts'
export { renewalTimes } from './times.ts'
