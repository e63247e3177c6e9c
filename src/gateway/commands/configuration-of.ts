import { resolve } from 'node:path'
import { OidcLoginError } from '../../errors.ts'
import type { System } from '../../system/index.ts'
import { celLanguage } from '../claims/index.ts'
import { type LoadedConfiguration, loadConfiguration } from '../config/index.ts'
import type { GatewayOptionValues } from './command-spec.ts'

/** Options that say what a file would say. */
const essentials = [
  'listen',
  'tls-cert',
  'tls-key',
  'upstream',
  'upstream-ca',
  'upstream-token-file',
  'upstream-client-cert',
  'upstream-client-key',
  'kubeconfig',
  'context',
  'operations-listen',
]

/**
 * Reads the configuration that the options of `serve` name, or makes one of them.
 *
 * @throws OidcLoginError `usage_invalid`, `configuration_invalid`, `file_unreadable`
 */
export function configurationOf(
  system: Pick<System, 'files'>,
  options: GatewayOptionValues,
): LoadedConfiguration {
  const file = options.text('config')
  const given = essentials.filter((name) => options.text(name) !== undefined)
  const authenticationFile = pathOf(options, 'authentication-config')
  const context = { files: system.files, language: celLanguage, authenticationFile }
  if (file !== undefined) {
    if (given[0] === undefined) return loadConfiguration(resolve(file), context)
    throw new OidcLoginError('usage_invalid', `Either --config or --${given[0]}, and not both.`, {
      hint: 'Write it into the configuration file; docs/gateway-configuration.md lists every field.',
    })
  }
  if (authenticationFile === undefined) {
    throw new OidcLoginError('usage_invalid', 'The configuration is missing.', {
      hint: 'Give --config, or at least --authentication-config, --tls-cert and --tls-key.',
    })
  }
  return loadConfiguration(resolve('options'), {
    ...context,
    text: JSON.stringify(document(options)),
  })
}

function document(options: GatewayOptionValues): unknown {
  const upstream = {
    server: options.text('upstream'),
    caFile: pathOf(options, 'upstream-ca'),
    tokenFile: pathOf(options, 'upstream-token-file'),
    certFile: pathOf(options, 'upstream-client-cert'),
    keyFile: pathOf(options, 'upstream-client-key'),
    kubeconfig: pathOf(options, 'kubeconfig'),
    context: options.text('context'),
  }
  const isNamed = Object.values(upstream).some((value) => value !== undefined)
  return {
    apiVersion: 'oidc-gateway/v1alpha1',
    kind: 'GatewayConfiguration',
    listen: {
      ...addressOf(options, 'listen'),
      certFile: pathOf(options, 'tls-cert'),
      keyFile: pathOf(options, 'tls-key'),
    },
    ...(isNamed ? { upstream } : {}),
    operations: addressOf(options, 'operations-listen'),
  }
}

function pathOf(options: GatewayOptionValues, name: string): string | undefined {
  const path = options.text(name)
  return path === undefined ? undefined : resolve(path)
}

/** `host:port`, `[::1]:port` or `:port`. */
function addressOf(
  options: GatewayOptionValues,
  name: string,
): { readonly host?: string; readonly port?: number } {
  const text = options.text(name)
  if (text === undefined) return {}
  const match = /^(?:\[([0-9a-f:.]+)\]|([\w.-]*)):(\d{1,5})$/i.exec(text)
  if (match === null) {
    throw new OidcLoginError('usage_invalid', `The option --${name} is not host:port.`, {
      hint: `For example --${name}=0.0.0.0:8443.`,
    })
  }
  const host = match[1] ?? match[2]
  return { ...(host ? { host } : {}), port: Number(match[3]) }
}
