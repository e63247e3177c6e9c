export { describeWait, type Exclusive, whileLocked } from './exclusive.ts'
export {
  acquireLock,
  type Lock,
  type LockHolder,
  type LockRequest,
  type LockSystem,
} from './lock.ts'
export { type LockState, lookAtLock } from './look.ts'
