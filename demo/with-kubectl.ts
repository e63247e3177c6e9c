import { show } from './show.ts'
import type { Stage } from './stage.ts'

/** Plays the whole story with the real kubectl. @returns whether each command did what it should */
export async function playWithKubectl(stage: Stage): Promise<boolean> {
  if (!stage.isAutomatic) console.log(`\nYour browser opens. Sign in as ${stage.people}.`)
  const kubectl = stage.kubectl ?? 'kubectl'
  const browser = stage.options.filter((option) => option.startsWith('--browser-command='))

  const services = await show(stage, 'kubectl get svc', kubectl, ['get', 'svc'])
  const pods = await show(stage, 'kubectl get pods', kubectl, ['get', 'pods'])
  const again = await show(stage, 'kubectl get svc', kubectl, ['get', 'svc'])
  const logout = await show(stage, 'kubectl oidc-login logout', kubectl, [
    'oidc-login',
    'logout',
    ...browser,
  ])
  return (
    services.exitCode === 0 &&
    pods.output.includes('Forbidden') &&
    again.exitCode === 0 &&
    !again.output.includes('browser') &&
    logout.exitCode === 0
  )
}
