import type { GoalId } from './goals.ts'

/**
 * What stands between us and an aim, and what it would take, by somebody who looked. The page shows it where the run did not
 * reach the aim.
 */
export const obstacles: Readonly<Partial<Record<GoalId, string>>> = {}
