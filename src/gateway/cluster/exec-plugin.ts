import { dirname, resolve } from 'node:path'
import { OidcLoginError } from '../../errors.ts'
import type { ExecEntry } from '../../kubeconfig/index.ts'
import { findPrograms, runToEnd, type System } from '../../system/index.ts'
import { parseJson } from '../json/index.ts'
import type { UpstreamAccess } from '../upstream/index.ts'

/** A plugin may let somebody sign in with a browser. */
const timeoutMs = 5 * 60 * 1000

const byDefault = 'client.authentication.k8s.io/v1'

/**
 * Runs a credential plugin as kubectl does, without a terminal: `users[].user.exec`.
 *
 * @param kubeconfig the file that names it: a relative path starts there
 * @throws OidcLoginError `credential_plugin_failed`
 */
export async function pluginCredential(
  entry: ExecEntry,
  kubeconfig: string,
  system: Pick<System, 'env'>,
): Promise<UpstreamAccess['credential']> {
  const { command, args, env, apiVersion = byDefault } = entry
  const isPath = /[/\\]/.test(command)
  const program = isPath ? resolve(dirname(kubeconfig), command) : findPrograms(system, command)[0]
  if (program === undefined) throw failed(command, 'it is not in the PATH')
  const info = { apiVersion, kind: 'ExecCredential', spec: { interactive: false } }
  const { exitCode, stdout } = await runToEnd(program, args, {
    env: { ...env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
    timeoutMs,
  })
  if (exitCode !== 0) throw failed(command, `its exit code is ${exitCode ?? 'none'}`)
  return credentialIn(stdout) ?? raise(failed(command, 'it printed no credential'))
}

function credentialIn(stdout: string): UpstreamAccess['credential'] | undefined {
  const { token, clientCertificateData, clientKeyData } = Object(Object(parseJson(stdout)).status)
  if (typeof token === 'string' && /^[-\w.~+/]+=*$/.test(token)) return { kind: 'token', token }
  if (typeof clientCertificateData !== 'string' || typeof clientKeyData !== 'string') {
    return undefined
  }
  return { kind: 'certificate', certificate: clientCertificateData, key: clientKeyData }
}

function failed(command: string, why: string): OidcLoginError {
  return new OidcLoginError(
    'credential_plugin_failed',
    `The credential plugin "${command}" of the kubeconfig failed: ${why}.`,
    { hint: 'Run "kubectl get --raw /version" with this context to see what it says.' },
  )
}

function raise(error: Error): never {
  throw error
}
