import { dirname, resolve } from 'node:path'
import { invalidKubeconfig, type KubeconfigDocument, parseKubeconfigText } from './document.ts'
import type {
  AuthProviderEntry,
  ClusterEntry,
  ContextEntry,
  ExecEntry,
  Kubeconfig,
  UserEntry,
} from './entries.ts'

type Keys = readonly (string | number)[]

/** A value in the file, and where it stands. */
interface Place {
  readonly path: string
  readonly source: KubeconfigDocument
  readonly keys: Keys
  readonly value: unknown
}

/**
 * Reads one file of a kubeconfig. Fields that are not needed here are not looked at.
 *
 * @throws OidcLoginError `kubeconfig_invalid` with file and line
 */
export function parseKubeconfig(path: string, text: string): Kubeconfig {
  const source = parseKubeconfigText(path, text)
  const root: Place = { path, source, keys: [], value: source.value }
  if (root.value === null || root.value === undefined) {
    return { clusters: [], contexts: [], users: [] }
  }
  return {
    currentContext: optionalText(field(root, 'current-context')) || undefined,
    clusters: named(root, 'clusters', 'cluster').map(toCluster),
    contexts: named(root, 'contexts', 'context').map(toContext),
    users: named(root, 'users', 'user').map(toUser),
  }
}

interface Named {
  readonly name: string
  readonly body: Place
}

function named(root: Place, list: string, bodyKey: string): Named[] {
  return items(field(root, list)).map((item) => {
    const name = optionalText(field(item, 'name'))
    if (name === undefined) throw invalid(item, `an entry of "${list}" has no name`)
    return { name, body: field(item, bodyKey) }
  })
}

function toCluster({ name, body }: Named): ClusterEntry {
  return {
    name,
    path: body.path,
    server: optionalText(field(body, 'server')),
    certificateAuthorityData: optionalText(field(body, 'certificate-authority-data')),
    certificateAuthority: optionalPath(body, 'certificate-authority'),
    tlsServerName: optionalText(field(body, 'tls-server-name')),
    insecureSkipTlsVerify: optionalFlag(field(body, 'insecure-skip-tls-verify')),
    proxyUrl: optionalText(field(body, 'proxy-url')),
  }
}

function toContext({ name, body }: Named): ContextEntry {
  return {
    name,
    path: body.path,
    cluster: optionalText(field(body, 'cluster')),
    user: optionalText(field(body, 'user')),
  }
}

function toUser({ name, body }: Named): UserEntry {
  const exec = field(body, 'exec')
  const authProvider = field(body, 'auth-provider')
  return {
    name,
    path: body.path,
    fields: isAbsent(body) ? [] : Object.keys(mapping(body)),
    exec: isAbsent(exec) ? undefined : toExec(exec),
    authProvider: isAbsent(authProvider) ? undefined : toAuthProvider(authProvider),
    credential: {
      token: optionalText(field(body, 'token')),
      tokenFile: optionalPath(body, 'tokenFile'),
      clientCertificateData: optionalText(field(body, 'client-certificate-data')),
      clientCertificate: optionalPath(body, 'client-certificate'),
      clientKeyData: optionalText(field(body, 'client-key-data')),
      clientKey: optionalPath(body, 'client-key'),
    },
  }
}

/** Relative paths start at the folder of the kubeconfig. */
function optionalPath(body: Place, name: string): string | undefined {
  const path = optionalText(field(body, name))
  return path ? resolve(dirname(body.path), path) : undefined
}

function toExec(place: Place): ExecEntry {
  const env = items(field(place, 'env')).map((item): [string, string] => [
    optionalText(field(item, 'name')) ?? '',
    optionalText(field(item, 'value')) ?? '',
  ])
  return {
    command: optionalText(field(place, 'command')) ?? '',
    args: items(field(place, 'args')).map((item) => optionalText(item) ?? ''),
    env: Object.fromEntries(env),
    apiVersion: optionalText(field(place, 'apiVersion')),
    interactiveMode: optionalText(field(place, 'interactiveMode')),
  }
}

function toAuthProvider(place: Place): AuthProviderEntry {
  const config = field(place, 'config')
  const names = isAbsent(config) ? [] : Object.keys(mapping(config))
  return {
    name: optionalText(field(place, 'name')) ?? '',
    config: Object.fromEntries(
      names.map((name) => [name, optionalText(field(config, name)) ?? '']),
    ),
  }
}

function field(place: Place, key: string): Place {
  const value = isAbsent(place) ? undefined : mapping(place)[key]
  return { ...place, keys: [...place.keys, key], value }
}

function mapping(place: Place): Readonly<Record<string, unknown>> {
  const { value } = place
  if (isMapping(value)) return value
  throw invalid(place, `${nameOf(place)} is not a mapping`)
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function items(place: Place): Place[] {
  if (isAbsent(place)) return []
  if (!Array.isArray(place.value)) throw invalid(place, `${nameOf(place)} is not a list`)
  return place.value.map((value: unknown, index) => ({
    ...place,
    keys: [...place.keys, index],
    value,
  }))
}

function optionalText(place: Place): string | undefined {
  if (isAbsent(place)) return undefined
  if (typeof place.value === 'string') return place.value
  throw invalid(place, `${nameOf(place)} is not a text; put it in quotes`)
}

function optionalFlag(place: Place): boolean | undefined {
  if (isAbsent(place)) return undefined
  if (typeof place.value === 'boolean') return place.value
  throw invalid(place, `${nameOf(place)} is neither true nor false`)
}

function isAbsent({ value }: Place): boolean {
  return value === undefined || value === null
}

function nameOf({ keys }: Place): string {
  const name = keys.findLast((key) => typeof key === 'string')
  return name === undefined ? 'the file' : `"${name}"`
}

function invalid({ path, source, keys }: Place, why: string): Error {
  return invalidKubeconfig(path, source.lineOf(keys), why)
}
