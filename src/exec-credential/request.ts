import { OidcLoginError } from '../errors.ts'
import { printable } from '../printable.ts'

/** The versions of the exec-credential protocol that kubectl speaks today. */
export const execApiVersions = [
  'client.authentication.k8s.io/v1',
  'client.authentication.k8s.io/v1beta1',
] as const

/** A version of the exec-credential protocol. */
export type ExecApiVersion = (typeof execApiVersions)[number]

/** What kubectl says of itself when it calls an exec plugin. */
export interface ExecRequest {
  /** The version that the answer must have. */
  readonly apiVersion: ExecApiVersion
  /** Whether stdin may be read; undefined when the plugin was not called by kubectl. */
  readonly interactive: boolean | undefined
  /** URL of the API server that the credential is for; kubectl tells it with `provideClusterInfo: true`. */
  readonly server?: string | undefined
}

/**
 * Reads the environment variable `KUBERNETES_EXEC_INFO` (Kubernetes
 * `staging/src/k8s.io/client-go/plugin/pkg/client/auth/exec/exec.go`). Without it the answer is v1beta1,
 * as int128/kubelogin answers.
 *
 * @throws OidcLoginError `exec_info_invalid` when it is not the JSON of an ExecCredential
 * @throws OidcLoginError `exec_api_version_unsupported` when its version is not known
 */
export function parseExecInfo(text: string | undefined): ExecRequest {
  if (text === undefined || text.trim() === '') {
    return { apiVersion: 'client.authentication.k8s.io/v1beta1', interactive: undefined }
  }
  const info = parseObject(text)
  return {
    apiVersion: parseApiVersion(info),
    interactive: parseInteractive(info.spec),
    server: serverOf(info.spec),
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    // JSON.parse quotes its input in the message, which may hold the cluster's data.
  }
  throw invalid('it is not a JSON object')
}

function parseApiVersion(info: Record<string, unknown>): ExecApiVersion {
  if (info.apiVersion === undefined || info.apiVersion === '') return execApiVersions[1]
  const known = execApiVersions.find((version) => version === info.apiVersion)
  if (known !== undefined) return known
  const given = typeof info.apiVersion === 'string' ? info.apiVersion : typeof info.apiVersion
  throw new OidcLoginError(
    'exec_api_version_unsupported',
    `kubectl asks for the exec credential version ${JSON.stringify(printable(given, 80))}, which is not supported.`,
    {
      hint: `Set "apiVersion: ${execApiVersions[0]}" in the exec section of this user in your kubeconfig.`,
    },
  )
}

function parseInteractive(spec: unknown): boolean | undefined {
  if (spec === undefined || spec === null) return undefined
  if (!isObject(spec)) throw invalid('its "spec" is not an object')
  if (spec.interactive === undefined) return undefined
  if (typeof spec.interactive !== 'boolean')
    throw invalid('"spec.interactive" is not true or false')
  return spec.interactive
}

/** It is only shown, so that whatever is not as expected is nothing. */
function serverOf(spec: unknown): string | undefined {
  const cluster = isObject(spec) ? spec.cluster : undefined
  const server = isObject(cluster) ? cluster.server : undefined
  return typeof server === 'string' && server !== '' ? server : undefined
}

function invalid(why: string): OidcLoginError {
  return new OidcLoginError('exec_info_invalid', `KUBERNETES_EXEC_INFO is invalid: ${why}.`, {
    hint: 'kubectl sets this variable. Unset it when you run the plugin by hand.',
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
