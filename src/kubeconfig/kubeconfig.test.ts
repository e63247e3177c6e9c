import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { testSystem } from '../../test/world/system.ts'
import { OidcLoginError } from '../errors.ts'
import {
  backupOf,
  diffKubeconfig,
  type KubeconfigChange,
  kubeconfigFiles,
  readKubeconfig,
  reviseKubeconfig,
  writeKubeconfig,
} from './index.ts'

const written = `# my clusters
apiVersion: v1
kind: Config
clusters:
- cluster:
    server: https://one.example.com # the old one
  name: one
contexts:
- context:
    cluster: one
    user: somebody
  name: one
current-context: one
preferences: {}
users:
- name: somebody
  user:
    token: a-token-that-stays-where-it-is
`

const newUser: KubeconfigChange = {
  list: 'users',
  name: 'oidc',
  fields: { exec: { command: 'kubectl', args: ['oidc-login', 'get-token'] } },
}

function world(text = written) {
  const folder = temporaryFolder()
  const path = join(folder, 'config')
  writeFileSync(path, text)
  const { system } = testSystem()
  return { folder, path, system, files: kubeconfigFiles(system, path) }
}

function refusal(operation: () => unknown): { code: string; message: string } {
  try {
    operation()
  } catch (error) {
    if (error instanceof OidcLoginError) return { code: error.code, message: error.message }
    throw error
  }
  throw new Error('nothing was refused')
}

test('a new user is added, and every other line stays as it was', () => {
  const { path, system, files } = world()
  writeKubeconfig(system, files, [newUser])
  expect(readFileSync(path, 'utf8')).toBe(`${written}- name: oidc
  user:
    exec:
      command: kubectl
      args:
      - oidc-login
      - get-token
`)
  expect(readFileSync(backupOf(path), 'utf8')).toBe(written)
})

test('a user that is there is changed, with fields that nobody mentions kept', () => {
  const { path, system, files } = world(`users:
  # signs in
  - name: oidc
    user:
      exec:
        # keep me
        env:
          - name: A
            value: b
        command: old
`)
  writeKubeconfig(system, files, [newUser])
  expect(readFileSync(path, 'utf8')).toBe(`users:
  # signs in
  - name: oidc
    user:
      exec:
        # keep me
        env:
          - name: A
            value: b
        command: kubectl
        args:
          - oidc-login
          - get-token
`)
})

test('nothing is written when nothing changes', () => {
  const { path, system, files } = world()
  writeKubeconfig(system, files, [newUser])
  const first = readFileSync(path, 'utf8')
  expect(writeKubeconfig(system, files, [newUser])).toEqual([])
  expect(readFileSync(path, 'utf8')).toBe(first)
})

test('a file, its folder and its lists are made when there are none', () => {
  const { system } = testSystem()
  const path = join(temporaryFolder(), 'new', 'config')
  const files = kubeconfigFiles(system, path)
  writeKubeconfig(system, files, [newUser, { list: 'current-context', name: 'x' }])
  expect(readKubeconfig(system, files)).toMatchObject({
    currentContext: 'x',
    users: [{ name: 'oidc', exec: { command: 'kubectl', args: ['oidc-login', 'get-token'] } }],
  })
  expect(existsSync(backupOf(path))).toBe(false)
})

test('the lists that kubectl leaves empty are filled in lines of their own', () => {
  for (const empty of ['users: null\n', 'users: []\n', 'users:\n']) {
    const { path, system, files } = world(empty)
    writeKubeconfig(system, files, [newUser])
    expect(readFileSync(path, 'utf8')).toContain('- name: oidc\n')
  }
})

test('a word that YAML 1.1 takes for a boolean is written in quotes', () => {
  const { path, system, files } = world()
  writeKubeconfig(system, files, [{ list: 'contexts', name: 'yes', fields: { user: 'off' } }])
  expect(readFileSync(path, 'utf8')).toMatch(/user: "off"/)
  expect(readFileSync(path, 'utf8')).not.toContain('%YAML')
})

test('a KUBECONFIG list is read first come first served, and written where the entry is', () => {
  const folder = temporaryFolder()
  const [a, b, missing] = ['a', 'b', 'missing'].map((name) => join(folder, name))
  const { system } = testSystem({ env: { KUBECONFIG: ['', missing, a, b, a].join(delimiter) } })
  writeFileSync(a ?? '', 'contexts:\n- {name: one, context: {user: first}}\n')
  writeFileSync(
    b ?? '',
    'current-context: one\ncontexts:\n- {name: one, context: {user: second}}\nusers:\n- name: oidc\n',
  )
  const files = kubeconfigFiles(system, undefined)
  expect(files).toEqual({ paths: [missing, a, b], defaultPath: a })
  expect(readKubeconfig(system, files)).toMatchObject({
    currentContext: 'one',
    contexts: [{ user: 'first', path: a }],
  })
  const other: KubeconfigChange = { list: 'users', name: 'new', fields: {} }
  const revised = reviseKubeconfig(system, files, [newUser, other])
  expect(revised.map(({ path }) => path)).toEqual([b, a])
})

test('of a KUBECONFIG list of which no file exists, the last one is written', () => {
  const folder = temporaryFolder()
  const KUBECONFIG = [join(folder, 'a'), join(folder, 'b')].join(delimiter)
  const files = kubeconfigFiles(testSystem({ env: { KUBECONFIG } }).system, undefined)
  expect(files.defaultPath).toBe(join(folder, 'b'))
})

test.each([
  ['users:\n- name: a\n  user: {\n', /line \d: it is not valid YAML/],
  ['kind: Config\nusers:\n  a: b\n', /line 3: "users" is not a list/],
  ['users:\n- user: {}\n', /line 2: an entry of "users" has no name/],
  [
    'users:\n- name: a\n  user:\n    exec:\n      command: yes\n',
    /line 5: "command" is not a text/,
  ],
  ['- a\n', /line 1: the file is not a mapping/],
])('a damaged kubeconfig is refused with file and line: %j', (text, expected) => {
  const { path, system, files } = world(text)
  for (const attempt of [readKubeconfig, reviseKubeconfig]) {
    const { code, message } = refusal(() => attempt(system, files, [newUser]))
    expect(code).toBe('kubeconfig_invalid')
    expect(message).toContain(path)
    expect(message).toMatch(expected)
  }
})

test('a file that another program is changing is left alone', () => {
  const { path, system, files } = world()
  writeFileSync(`${path}.lock`, '')
  expect(refusal(() => writeKubeconfig(system, files, [newUser]))).toMatchObject({
    code: 'kubeconfig_unwritable',
    message: `Another program is changing the kubeconfig ${path}.`,
  })
  expect(readFileSync(path, 'utf8')).toBe(written)
  expect(existsSync(`${path}.lock`)).toBe(true)
})

test.skipIf(process.platform === 'win32')('the mode and a symbolic link are kept', () => {
  const { folder, path, system } = world()
  chmodSync(path, 0o640)
  const link = join(folder, 'link')
  symlinkSync(path, link)
  writeKubeconfig(system, kubeconfigFiles(system, link), [newUser])
  expect(readFileSync(path, 'utf8')).toContain('oidc-login')
  expect(readFileSync(link, 'utf8')).toContain('oidc-login')
  expect(statSync(path).mode & 0o777).toBe(0o640)
})

test('a diff shows the change and covers secrets near it', () => {
  const { path, system, files } = world()
  const [revision] = reviseKubeconfig(system, files, [newUser])
  const diff = diffKubeconfig(path, revision?.before, revision?.after ?? '')
  expect(diff).toContain('\n+- name: oidc\n')
  expect(diff).toContain(' - name: somebody\n')
  expect(diff).toContain('token: (not shown)')
  expect(diff).not.toContain('a-token')
  expect(diff).not.toContain('my clusters')
  expect(diffKubeconfig(path, written, written)).toBe('')
})

test('a diff covers a token on a line of its own, and a password in a URL', () => {
  const user = `users:
- name: a
  user:
    exec:
      args:
      - --proxy-url=http://john:pass-word@proxy.example.com
      - --oidc-request-header=Authorization=Basic abc
      env:
      - name: X
        value: >-
          eyJhbGciOiJub25lIn0.eyJzdWIiOiJqIn0.c2ln
`
  const { path, system, files } = world(user)
  const [revision] = reviseKubeconfig(system, files, [newUser])
  const diff = diffKubeconfig(path, undefined, revision?.before ?? '')
  expect(diff).toContain('http://john:(not shown)@proxy.example.com')
  expect(diff).not.toMatch(/pass-word|Basic|eyJ/)
})

test('CRLF line ends and JSON stay what they are', () => {
  const crlf = world(written.replaceAll('\n', '\r\n'))
  writeKubeconfig(crlf.system, crlf.files, [newUser])
  expect(readFileSync(crlf.path, 'utf8').replaceAll('\r\n', '')).not.toContain('\n')
  const json = world('{"apiVersion": "v1", "users": [{"name": "a", "user": {}}]}\n')
  writeKubeconfig(json.system, json.files, [newUser])
  expect(Object(JSON.parse(readFileSync(json.path, 'utf8'))).users[1].name).toBe('oidc')
})
