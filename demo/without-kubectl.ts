import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import { show } from './show.ts'
import { showAudit } from './show-audit.ts'
import type { Stage } from './stage.ts'

/**
 * Plays the story without kubectl: calls the plugin as kubectl would, and shows its credential to the
 * gateway over HTTPS. @returns whether each step did what it should
 */
export async function playWithoutKubectl(stage: Stage): Promise<boolean> {
  console.log('\nThere is no kubectl on the PATH: the plugin is called as kubectl would call it,')
  console.log('and its credential is shown to the gateway over HTTPS.')
  if (!stage.isAutomatic) console.log(`\nYour browser opens. Sign in as ${stage.people}.`)

  const ready = await plugin(stage, `setup ${stage.setup.join(' ')}`, [
    'setup',
    ...stage.setup,
    ...stage.ownOptions,
  ])
  const command = commandIn(stage.kubeconfig)
  const first = await getToken(stage, command)
  const services = await list(stage, 'services', first.token)
  const isAudited = await showAudit(stage.gateway, 'services')
  const pods = await list(stage, 'pods', first.token)
  const again = await getToken(stage, command)
  const logout = await plugin(stage, 'logout', ['logout', ...stage.ownOptions.filter(isForLogout)])
  return (
    ready.exitCode === 0 &&
    services === 200 &&
    isAudited &&
    pods === 403 &&
    again.token === first.token &&
    !again.output.includes('browser') &&
    logout.exitCode === 0
  )
}

function isForLogout(option: string): boolean {
  return option.startsWith('--browser-command=')
}

/** The options with which `setup` lets kubectl call the plugin. */
function commandIn(kubeconfig: string): string[] {
  const { users } = Object(parse(readFileSync(kubeconfig, 'utf8')))
  const args: readonly unknown[] = users[0].user.exec.args
  const words = args.map(String)
  return words.slice(words.indexOf('get-token'))
}

async function getToken(
  stage: Stage,
  command: readonly string[],
): Promise<{ token: string; output: string }> {
  const { stdout, output } = await plugin(stage, 'get-token ...', command, true)
  const credential: unknown = JSON.parse(stdout)
  const token = String(Object(Object(credential).status).token)
  console.log(`the plugin printed an ExecCredential with a token of ${token.length} characters`)
  return { token, output: output.replace(stdout, '') }
}

async function plugin(stage: Stage, title: string, args: readonly string[], isQuiet = false) {
  const program = resolve('bin', 'kubectl-oidc_login.js')
  const words = [program, ...args]
  return await show(stage, `kubectl oidc-login ${title}`, process.execPath, words, isQuiet)
}

async function list(stage: Stage, resource: string, token: string): Promise<number> {
  const url = new URL(`/api/v1/namespaces/default/${resource}`, stage.gateway.url)
  console.log(`\nGET ${url.href}`)
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
  const { status, body } = await new Promise<{ status: number; body: string }>((done, fail) => {
    const outgoing = request(url, { headers, ca: stage.caPem, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () => done({ status: answer.statusCode ?? 0, body: text }))
    })
    outgoing.once('error', fail)
    outgoing.end()
  })
  const answer = Object(JSON.parse(body))
  const items: unknown[] = Array.isArray(answer.items) ? answer.items : []
  const names = items.map((item) => String(Object(Object(item).metadata).name))
  console.log(status === 200 ? names.map((name) => `  ${name}`).join('\n') : `  ${answer.message}`)
  return status
}
