import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { commandTable } from '../../src/commands/index.ts'
import { temporaryFolder } from '../world/folder.ts'

const isPosix = process.platform !== 'win32'

function has(program: string, ...args: readonly string[]): boolean {
  return isPosix && spawnSync(program, args).status === 0
}

/** A folder with the programs as npm puts them on the PATH, and what a process there needs. */
function installed() {
  const folder = temporaryFolder()
  const bin = join(folder, 'bin')
  const home = join(folder, 'home')
  mkdirSync(bin)
  mkdirSync(home)
  for (const name of ['kubectl-oidc_login', 'kubectl_complete-oidc_login']) {
    symlinkSync(resolve('bin', `${name}.js`), join(bin, name))
  }
  const node = join(bin, 'node')
  writeFileSync(node, `#!/bin/sh\nexec '${process.execPath}' "$@"\n`)
  chmodSync(node, 0o755)
  const env = { PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, HOME: home }
  return {
    home,
    run: (program: string, args: readonly string[]) =>
      spawnSync(program, args, { cwd: home, env, encoding: 'utf8' }),
  }
}

function shim(...words: readonly string[]): string[] {
  const path = resolve('bin', 'kubectl_complete-oidc_login.js')
  const { status, stdout } = spawnSync(process.execPath, [path, ...words], { encoding: 'utf8' })
  expect(status).toBe(0)
  return stdout.trimEnd().split('\n')
}

test('the shim offers every command with its description, and tells the shell not to offer files', () => {
  const lines = shim('')
  for (const { name, summary } of commandTable) expect(lines).toContain(`${name}\t${summary}`)
  expect(lines.at(-1)).toBe(':4')
})

test('the shim offers every option of every command', () => {
  for (const { name, options } of commandTable) {
    const offered = shim(name, '--').map((line) => line.split('\t')[0])
    for (const option of options) {
      expect(offered.includes(`--${option.name}`), option.name).toBe(!option.isHidden)
    }
  }
})

test('the shim offers files where an option takes one, and folders for the sessions', () => {
  expect(shim('get-token', '--certificate-authority', '')).toEqual([':0'])
  expect(shim('get-token', '--token-cache-dir', '')).toEqual([':16'])
})

test.runIf(has('kubectl', 'version', '--client'))(
  'the real kubectl completes commands, options and choices of the plugin',
  () => {
    const { run } = installed()
    const complete = (...words: readonly string[]) =>
      run('kubectl', ['__complete', 'oidc-login', ...words])
        .stdout.split('\n')
        .map((line) => line.split('\t')[0])
    expect(complete('log')).toEqual(expect.arrayContaining(['login', 'logout', ':4']))
    expect(complete('get-token', '--oidc-c')).toEqual(
      expect.arrayContaining(['--oidc-client-id', '--oidc-client-secret', ':4']),
    )
    expect(complete('get-token', '--oidc-pkce-method', '')).toEqual(
      expect.arrayContaining(['auto', 'no', 'S256', ':4']),
    )
    expect(complete('get-token', '--oidc-pkce-method=S')).toEqual(
      expect.arrayContaining(['S256', ':4']),
    )
  },
)

test.runIf(has('bash', '--version'))('bash completes what is typed', () => {
  const { run, home } = installed()
  writeFileSync(join(home, 'ca file.pem'), '')
  mkdirSync(join(home, 'sessions'))
  const complete = (line: string) => {
    const program = `
      source <(kubectl-oidc_login completion bash)
      COMP_LINE=$1 COMP_POINT=\${#1}
      _kubectl_oidc_login
      printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout, stderr } = run('bash', ['--norc', '-c', program, 'bash', line])
    expect(stderr).toBe('')
    return stdout.trimEnd().split('\n')
  }
  expect(complete('kubectl-oidc_login logo')).toEqual(['logout'])
  expect(complete('kubectl-oidc_login ')).toContain('get-token')
  expect(complete('kubectl-oidc_login get-token --oidc-client-')).toEqual([
    '--oidc-client-id',
    '--oidc-client-secret',
    '--oidc-client-secret-file',
    '--oidc-client-auth-method',
    '--oidc-client-key',
    '--oidc-client-key-id',
    '--oidc-client-assertion-file',
    '--oidc-client-certificate',
    '--oidc-client-certificate-key',
  ])
  expect(complete('kubectl-oidc_login get-token --oidc-pkce-method ')).toEqual([
    'auto',
    'no',
    'S256',
  ])
  expect(complete('kubectl-oidc_login get-token --oidc-pkce-method=S')).toEqual(['S256'])
  expect(complete('kubectl-oidc_login get-token --certificate-authority=ca')).toEqual([
    'ca file.pem',
  ])
  expect(complete('kubectl-oidc_login clean --token-cache-dir ')).toEqual(['sessions'])
  expect(complete('kubectl-oidc_login completion ')).toEqual(['bash', 'zsh', 'fish', 'powershell'])
})

test.runIf(has('fish', '--version'))('fish completes what is typed, with descriptions', () => {
  const { run } = installed()
  const complete = (line: string) => {
    const program = `kubectl-oidc_login completion fish | source; complete -C '${line}'`
    return run('fish', ['--no-config', '-c', program]).stdout.trimEnd().split('\n')
  }
  expect(complete('kubectl-oidc_login logo')).toEqual([expect.stringMatching(/^logout\trevoke/)])
  expect(complete('kubectl-oidc_login get-token --oidc-pkce-method=S')).toEqual([
    expect.stringMatching(/^--oidc-pkce-method=S256\t/),
  ])
})

test.runIf(has('zsh', '--version'))('zsh completes what is typed', () => {
  const { run, home } = installed()
  // zsh completes only on a terminal, so one is made, and its last words are looked at.
  writeFileSync(
    join(home, 'type.zsh'),
    `zmodload zsh/zpty
     seen=""
     until_seen() {
       for i in {1..600}; do
         zpty -rt shell chunk && seen+="$chunk"
         [[ "$seen" == *$1* ]] && return
         sleep 0.05
       done
     }
     zpty shell zsh -f -i
     zpty -w shell 'autoload -U compinit && compinit -u && source <(kubectl-oidc_login completion zsh) && PS1=rea; PS1+="dy>"'
     until_seen 'ready>'
     zpty -n -w shell $'kubectl-oidc_login get-token --oidc-pkce-method=S\\t'
     until_seen 'S256'
     print -r -- "$seen"
     zpty -d shell`,
  )
  expect(run('zsh', ['-f', 'type.zsh']).stdout).toContain('--oidc-pkce-method=S256')
})

test.each(['bash', 'zsh', 'fish'])('the script of %s is free of syntax errors', (shell) => {
  if (!has(shell, '--version')) return
  const { run, home } = installed()
  const script = run('kubectl-oidc_login', ['completion', shell]).stdout
  writeFileSync(join(home, 'script'), script)
  expect(run(shell, ['-n', 'script'])).toMatchObject({ status: 0, stderr: '' })
})

test('package.json names the shim, so npm puts it on the PATH where kubectl looks for it', () => {
  const { bin } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(bin['kubectl_complete-oidc_login']).toBe('bin/kubectl_complete-oidc_login.js')
})
