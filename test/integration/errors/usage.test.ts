import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { processLiveness } from '../../../src/system/index.ts'
import { storeSession } from '../../world/sessions.ts'
import { type Computer, computer } from '../../world/world.ts'
import { expectFailure, expectLastWords, type Failure } from './expect-failure.ts'

/** No request is sent to it: each of these failures comes before. */
const issuer = 'https://sso.example.com'

const client = [`--oidc-issuer-url=${issuer}`, '--oidc-client-id=kubernetes']

interface Case extends Failure {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const cases: Readonly<Record<string, (john: Computer) => Case>> = {
  '`usage_invalid`: the client id is missing': () => ({
    code: 'usage_invalid',
    args: ['get-token', `--oidc-issuer-url=${issuer}`],
    says: /The option --oidc-client-id is missing\./,
    hint: /Give it on the command line, or as KUBECTL_OIDC_LOGIN_OIDC_CLIENT_ID\./,
  }),
  '`exec_info_invalid`: kubectl said something that is not JSON': () => ({
    code: 'exec_info_invalid',
    env: { KUBERNETES_EXEC_INFO: '{"kind":' },
    says: /KUBERNETES_EXEC_INFO is invalid: it is not a JSON object\./,
    hint: /kubectl sets this variable\. Unset it when you run the plugin by hand\./,
  }),
  '`exec_api_version_unsupported`: an old kubeconfig': () => ({
    code: 'exec_api_version_unsupported',
    env: {
      KUBERNETES_EXEC_INFO: '{"apiVersion":"client.authentication.k8s.io/v1alpha1","spec":{}}',
    },
    says: /kubectl asks for the exec credential version "client\.authentication\.k8s\.io\/v1alpha1", which is not supported\./,
    hint: /Set "apiVersion: client\.authentication\.k8s\.io\/v1" in the exec section of this user in your kubeconfig\./,
  }),
  '`issuer_invalid`: the issuer is no URL': () => ({
    code: 'issuer_invalid',
    args: ['get-token', '--oidc-issuer-url=sso.example.com', '--oidc-client-id=kubernetes'],
    says: /The issuer URL cannot be used: "sso\.example\.com" is not a URL\./,
    hint: /Give the URL that the provider documents, for example --oidc-issuer-url=https:.*/,
  }),
  '`file_unreadable`: the file of the secret is missing': ({ home }) => ({
    code: 'file_unreadable',
    args: ['get-token', ...client, `--oidc-client-secret-file=${join(home, 'secret')}`],
    says: /The file .*secret cannot be read: there is no such file\./,
    hint: /Check the path; a relative one starts at the current folder\./,
  }),
  '`certificate_invalid`: a key in the place of a certificate': ({ home }) => {
    writeFileSync(join(home, 'key.pem'), '-----BEGIN PRIVATE KEY-----\n')
    return {
      code: 'certificate_invalid',
      args: ['get-token', ...client, `--certificate-authority=${join(home, 'key.pem')}`],
      says: /.*key\.pem holds no PEM certificate\./,
      hint: /Give a file that begins with "-----BEGIN CERTIFICATE-----", or its base64\./,
    }
  },
  '`kubeconfig_invalid`: a list is none': ({ home }) => {
    writeFileSync(join(home, 'broken'), 'users:\n  a: b\n')
    return {
      code: 'kubeconfig_invalid',
      args: ['whoami', `--kubeconfig=${join(home, 'broken')}`],
      says: /The kubeconfig .*broken, line 2: "users" is not a list\./,
      hint: /Correct the file; "kubectl config view" reads it, too\./,
    }
  },
  '`called_by_itself`: a program of a sign-in calls kubectl': () => ({
    code: 'called_by_itself',
    env: {
      KUBECTL_OIDC_LOGIN_STARTED_BY: `${process.pid}-${processLiveness(process.pid).startTicks ?? ''}`,
    },
    says: new RegExp(
      `This sign-in was started by another one \\(process ${process.pid}\\), which would wait for it for ever\\.`,
    ),
    hint: /A program that the sign-in runs calls kubectl: check --browser-command.*/,
  }),
}

test.each(Object.entries(cases))('%s', async (_, prepare) => {
  const john = await computer()
  const { args = ['get-token', ...client], env = {}, ...failure } = prepare(john)
  expectFailure(await john.run([...args, '-v1'], { env }), failure)
})

test('`usage_invalid`: an unknown option is named, its value is not', async () => {
  const john = await computer()
  const result = await john.run(['get-token', '--oidc-client-secrt=hunter2-hunter2'])
  expect(result.stderr).not.toContain('hunter2')
  expectLastWords(result, {
    code: 'usage_invalid',
    says: /Unknown option '--oidc-client-secrt'\./,
    hint: /Run "kubectl oidc-login help" for the commands and .*/,
  })
})

test('`session_ambiguous`: logout lists the sessions that it cannot choose from', async () => {
  const john = await computer()
  await storeSession(john.sessions, { issuer })
  await storeSession(john.sessions, { issuer: 'https://other.example.com' })
  const { exitCode, stdout, stderr } = await john.run(['logout', '-v1'])
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain(' failed with the error session_ambiguous\n')
  expect(stderr).toMatch(
    /error: There are 2 sessions:\n {2}.*\n {2}.*\nSay which one ends with --oidc-issuer-url, .*\n$/,
  )
})
