import { temporaryFolder } from '../../world/folder.ts'
import { type KubectlRun, startKubectl } from '../kubectl-run.ts'
import type { Way } from './installed.ts'

/** The kubectl that the suite was given; without one its tests are skipped. */
export const kubectlPath: string | undefined = process.env.KUBECTL

/**
 * Runs kubectl.
 *
 * @param home of whoever runs it; a new one by default, where kubectl has to look first what the cluster knows
 */
export function kubectlAs(
  { kubeconfig }: Way,
  args: string,
  home: string = temporaryFolder(),
): KubectlRun {
  return startKubectl({
    program: kubectlPath ?? 'kubectl',
    args: args.split(' '),
    environment: { HOME: home, KUBECONFIG: kubeconfig },
  })
}
