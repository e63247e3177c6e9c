import { show } from './show.ts'
import { showAudit } from './show-audit.ts'
import type { Stage } from './stage.ts'

/** Plays the whole story with the real kubectl. @returns whether each command did what it should */
export async function playWithKubectl(stage: Stage): Promise<boolean> {
  const { kubectl = 'kubectl', gateway, ownOptions } = stage
  if (!stage.isAutomatic) console.log(`\nYour browser opens. Sign in as ${stage.people}.`)
  const browser = ownOptions.filter((option) => option.startsWith('--browser-command='))
  const setup = ['oidc-login', 'setup', ...stage.setup]

  const ready = await show(stage, `kubectl ${setup.join(' ')}`, kubectl, [...setup, ...ownOptions])
  const services = await show(stage, 'kubectl get svc', kubectl, ['get', 'svc'])
  const isAudited = await showAudit(gateway, 'services')
  const pods = await show(stage, 'kubectl get pods', kubectl, ['get', 'pods'])
  const again = await show(stage, 'kubectl get svc', kubectl, ['get', 'svc'])
  const logout = await show(stage, 'kubectl oidc-login logout', kubectl, [
    'oidc-login',
    'logout',
    ...browser,
  ])
  return (
    ready.exitCode === 0 &&
    services.exitCode === 0 &&
    isAudited &&
    pods.output.includes('Forbidden') &&
    again.exitCode === 0 &&
    !again.output.includes('browser') &&
    logout.exitCode === 0
  )
}
