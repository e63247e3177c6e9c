import { resolve } from 'node:path'
import { OidcLoginError } from '../../errors.ts'
import { reportFindings } from '../../findings/index.ts'
import { type System, systemAuthorities } from '../../system/index.ts'
import { readCertificates, readText } from '../server/index.ts'
import {
  type PodName,
  parseAccess,
  verifyChecks,
  verifyContext,
  type WireTarget,
} from '../verify/index.ts'
import type { GatewayOptionValues } from './command-spec.ts'

/**
 * `verify`: tries a running gateway with the token of a person, as kubectl and as an attacker would.
 *
 * @throws OidcLoginError `usage_invalid`, `file_unreadable`, `certificate_invalid`, `token_missing`, and
 *   `checks_failed` when at least one check has failed
 */
export async function verify(system: System, options: GatewayOptionValues): Promise<void> {
  const target = await targetOf(system, options)
  const context = verifyContext(
    {
      target,
      token: tokenOf(system, options),
      may: accesses(options, 'may', 'get /version'),
      mayNot: accesses(options, 'may-not', 'list secrets -n kube-system'),
      pod: podOf(options),
      port: numberOf(options, 'port', 65_535),
      clock: system.clock,
      watchSeconds: numberOf(options, 'watch-seconds', 3600) ?? 3,
    },
    system.interrupted,
  )
  await reportFindings(system, verifyChecks(context), context, {
    isJson: options.text('output') === 'json',
    subject: { server: `https://${target.host}:${target.port}` },
  })
}

async function targetOf(system: System, options: GatewayOptionValues): Promise<WireTarget> {
  const text = options.text('server') ?? ''
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' || url.href !== `${url.origin}/`) {
    throw new OidcLoginError('usage_invalid', 'The option --server is not https://HOST.', {
      hint: 'Give the address at which kubectl finds the gateway.',
    })
  }
  const file = options.text('certificate-authority')
  const given = file === undefined ? [] : [readCertificates(system, resolve(file))]
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 443 : Number(url.port),
    trusted: await systemAuthorities({ env: system.env, certificateAuthorities: given }),
  }
}

/** A token on the command line would be seen by everybody on this computer. */
function tokenOf(system: System, options: GatewayOptionValues): string {
  const file = options.text('token-file')
  const text = file === undefined ? system.env.OIDC_GATEWAY_TOKEN : readText(system, resolve(file))
  const token = credentialIn(text ?? '')
  if (/^[-\w.~+/]+=*$/.test(token)) return token
  throw new OidcLoginError('token_missing', 'There is no token to verify the gateway with.', {
    hint: 'Run: kubectl oidc-login get-token … > token.json, and give --token-file=token.json.',
  })
}

/** A token, or the ExecCredential that holds it. */
function credentialIn(text: string): string {
  const trimmed = text.trim()
  if (!trimmed.startsWith('{')) return trimmed
  try {
    const { token } = Object(Object(JSON.parse(trimmed)).status)
    return typeof token === 'string' ? token : ''
  } catch {
    return ''
  }
}

function accesses(options: GatewayOptionValues, name: string, byDefault: string) {
  const given = options.list(name)
  return (given.length > 0 ? given : [byDefault]).map((text) => parseAccess(text, name))
}

function podOf(options: GatewayOptionValues): PodName | undefined {
  const text = options.text('pod')
  if (text === undefined) return undefined
  const [, namespace, name, container] =
    /^([a-z0-9-]+)\/([a-z0-9.-]+)(?:\/([a-z0-9-]+))?$/.exec(text) ?? []
  if (namespace !== undefined && name !== undefined) return { namespace, name, container }
  throw new OidcLoginError('usage_invalid', 'The option --pod is not namespace/name.', {
    hint: 'For example --pod=default/hello.',
  })
}

function numberOf(options: GatewayOptionValues, name: string, most: number): number | undefined {
  const text = options.text(name)
  if (text === undefined) return undefined
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= most) return value
  throw new OidcLoginError('usage_invalid', `The option --${name} is not a number.`, {
    hint: `It is a whole number from 1 to ${most}.`,
  })
}
