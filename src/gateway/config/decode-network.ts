import { faultOfNetwork, faultOfOrigin } from './addresses.ts'
import { decodeRenewal } from './decode-renewal.ts'
import {
  type Cursor,
  type Fields,
  fieldsOf,
  numberAt,
  pathAt,
  report,
  textAt,
  textsAt,
} from './decoding/index.ts'
import type {
  ListenSettings,
  UpstreamCredentialFiles,
  UpstreamFiles,
  UpstreamSettings,
} from './gateway-configuration.ts'

/**
 * Decodes `listen`.
 *
 * @param parent where it is reported missing
 */
export function decodeListen(cursor: Cursor | undefined, parent: Cursor): ListenSettings {
  const fields = fieldsOf(cursor, [
    'host',
    'port',
    'certFile',
    'keyFile',
    'serverNames',
    'trustedProxies',
    'allowedOrigins',
    'openPaths',
  ])
  const certFile = pathAt(fields?.at('certFile'), '')
  const keyFile = pathAt(fields?.at('keyFile'), '')
  if (certFile === '' || keyFile === '') {
    report(fields?.cursor ?? parent, 'listen needs certFile and keyFile: clients connect by TLS.')
  }
  return {
    host: textAt(fields?.at('host'), '0.0.0.0'),
    port: numberAt(fields?.at('port'), 8443, [0, 65535]),
    certFile,
    keyFile,
    serverNames: textsAt(fields?.at('serverNames')).map((name) => name.toLowerCase()),
    trustedProxies: textsAt(fields?.at('trustedProxies'), { faultOf: faultOfNetwork }),
    allowedOrigins: textsAt(fields?.at('allowedOrigins'), { faultOf: faultOfOrigin }),
    openPaths: textsAt(fields?.at('openPaths'), { faultOf: faultOfOpenPath }),
  }
}

const publicPaths = ['/healthz', '/livez', '/readyz', '/version']

function faultOfOpenPath(path: string): string | undefined {
  if (publicPaths.includes(path)) return undefined
  return `Only ${publicPaths.join(', ')} can be opened: everything else needs a name.`
}

const mountedAccount = '/var/run/secrets/kubernetes.io/serviceaccount'

/** How every pod finds the API server and proves who it is. */
const inPod: UpstreamFiles = {
  kind: 'files',
  server: 'https://kubernetes.default.svc',
  caFile: `${mountedAccount}/ca.crt`,
  serverName: undefined,
  credential: { kind: 'token', tokenFile: `${mountedAccount}/token` },
}

const fileFields = ['server', 'caFile', 'serverName', 'tokenFile', 'certFile', 'keyFile'] as const

/** Decodes `upstream`; what is absent is as in a pod, unless another server is named. */
export function decodeUpstream(cursor: Cursor | undefined): UpstreamSettings {
  const fields = fieldsOf(cursor, [...fileFields, 'renewal', 'kubeconfig', 'context'])
  if (!fields) return inPod
  const kubeconfig = pathAt(fields.at('kubeconfig'), '')
  if (kubeconfig === '') {
    if (fields.at('context')) report(fields.cursor, 'context needs kubeconfig.')
    return decodeUpstreamFiles(fields)
  }
  const rival = [...fileFields, 'renewal' as const].find((name) => fields.at(name))
  if (rival) report(fields.cursor, `Either kubeconfig or ${rival}, and not both.`)
  return { kind: 'context', kubeconfig, context: textAt(fields.at('context'), undefined) }
}

function decodeUpstreamFiles(
  fields: Fields<(typeof fileFields)[number] | 'renewal'>,
): UpstreamFiles {
  const server = textAt(fields.at('server'), inPod.server)
  const fault = faultOfOrigin(server)
  if (fault !== undefined) report(fields.at('server') ?? fields.cursor, fault)
  const isElsewhere = fields.at('server') !== undefined
  const caFile = pathAt(fields.at('caFile'), isElsewhere ? '' : inPod.caFile)
  if (caFile === '') {
    report(fields.cursor, 'caFile is missing: the API server is never reached unverified.')
  }
  return {
    kind: 'files',
    server,
    caFile,
    serverName: textAt(fields.at('serverName'), undefined),
    credential: decodeCredential(fields, isElsewhere),
  }
}

function decodeCredential(
  fields: Fields<(typeof fileFields)[number] | 'renewal'>,
  isElsewhere: boolean,
): UpstreamCredentialFiles {
  const { cursor } = fields
  const tokenFile = pathAt(fields.at('tokenFile'), '')
  const certFile = pathAt(fields.at('certFile'), '')
  const keyFile = pathAt(fields.at('keyFile'), '')
  const renewal = decodeRenewal(fields.at('renewal'))
  const hasCertificate = certFile !== '' || keyFile !== ''
  if (hasCertificate && tokenFile !== '') {
    report(cursor, 'Either tokenFile, or certFile and keyFile must be set, and not both.')
  }
  if (hasCertificate && (certFile === '' || keyFile === '')) {
    report(cursor, 'certFile and keyFile belong together.')
  }
  if (hasCertificate) return { kind: 'certificate', certFile, keyFile, renewal }
  if (renewal !== undefined) {
    report(
      fields.at('renewal') ?? cursor,
      'Only a client certificate is renewed: certFile and keyFile.',
    )
  }
  if (tokenFile === '' && !isElsewhere) return inPod.credential
  if (tokenFile === '') {
    report(cursor, 'The credential of the gateway is missing: tokenFile, or certFile and keyFile.')
  }
  return { kind: 'token', tokenFile }
}
