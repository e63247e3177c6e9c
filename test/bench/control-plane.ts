import { controlPlaneNeeds } from '../../tools/e2e/control-plane.ts'
import type { ControlPlane, ControlPlaneOptions } from '../cluster/index.ts'
import { CannotMeasure } from './report/index.ts'

/** Starts a real control plane, whose programs are found or built. @throws CannotMeasure when one is missing */
export async function realControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  for (const { variable, find } of controlPlaneNeeds) {
    const found = find()
    if (found.kind === 'missing') throw new CannotMeasure(`needs ${variable}: ${found.reason}`)
    process.env[variable] = found.path
  }
  // Only now the environment says where the programs are.
  const { startControlPlane } = await import('../cluster/index.ts')
  return await startControlPlane(options)
}
