import { resolve } from 'node:path'
import { OidcLoginError } from '../../errors.ts'
import type { System } from '../../system/index.ts'
import {
  type ClusterClient,
  clusterClient,
  type OperatorAccess,
  operatorAccess,
} from '../cluster/index.ts'
import { parseDuration } from '../config/index.ts'
import {
  type InitSettings,
  install,
  modeToldToAnybody,
  objectsOf,
  type ServingChoice,
  servingSecretName,
  uninstall,
} from '../init/index.ts'
import { credentialSecretName, toYaml } from '../manifests/index.ts'
import type { ImpersonationMode } from '../rights/index.ts'
import type { GatewayOptionValues } from './command-spec.ts'
import { installationOf } from './installation-of.ts'

/**
 * `init`: installs a gateway in a cluster, or tells what that would change; it can be run again at any
 * time. With `--print` it writes the objects, with `--uninstall` it takes them away.
 *
 * @throws OidcLoginError `usage_invalid`, `configuration_invalid`, and what `install` and `uninstall` throw
 */
export async function init(system: System, options: GatewayOptionValues): Promise<void> {
  refuseContradictions(options)
  if (options.isOn('uninstall')) {
    const { client } = await connected(system, options)
    await uninstall(system, client, {
      namespace: options.text('namespace') ?? '',
      isApplied: options.isOn('apply'),
      timeoutMs: durationOf(options, 'timeout', 1_000),
    })
    return
  }
  const settings = settingsOf(system, options)
  if (options.isOn('print')) {
    await print(system, options, settings)
    return
  }
  const { client, access } = await connected(system, options)
  await install(system, client, access, settings)
}

async function connected(
  system: System,
  options: GatewayOptionValues,
): Promise<{ readonly client: ClusterClient; readonly access: OperatorAccess }> {
  const access = await accessOf(system, options)
  system.terminal.stderr(`cluster    ${access.server}, context "${access.context}"`)
  return { client: clusterClient(system, access), access }
}

async function accessOf(system: System, options: GatewayOptionValues): Promise<OperatorAccess> {
  return await operatorAccess(system, {
    kubeconfig: options.text('kubeconfig'),
    context: options.text('context'),
  })
}

/** The Secrets hold keys, and are not printed. */
async function print(
  system: System,
  options: GatewayOptionValues,
  settings: InitSettings,
): Promise<void> {
  const mode = settings.mode ?? (await modeToldToAnybody(system, await accessOf(system, options)))
  if (mode === undefined) {
    throw new OidcLoginError(
      'usage_invalid',
      'The API server does not tell somebody without a name how it grants impersonation.',
      {
        hint: 'Give --impersonation=constrained, for Kubernetes 1.36 and newer, or classic; --apply finds it out.',
      },
    )
  }
  system.terminal.stdout(toYaml(objectsOf(settings, mode)))
  const { namespace, credential, tlsSecretName } = settings.installation
  if (settings.credentialFolder !== undefined) return
  const secrets = [tlsSecretName, ...(credential.kind === 'token' ? [] : [credentialSecretName])]
  system.terminal.stderr(
    `Needed beside it in the namespace ${namespace}: ${secrets.map((name) => `Secret ${name}`).join(', ')}.`,
  )
}

function settingsOf(system: System, options: GatewayOptionValues): InitSettings {
  const folder = options.text('credential-out')
  return {
    installation: installationOf(system, folder === undefined ? options : forElsewhere(options)),
    mode: modeOf(options),
    serving: servingOf(options),
    certificate: {
      validityMs: durationOf(options, 'credential-lifetime', 600_000),
      approves: !options.isOn('no-approve'),
    },
    credentialFolder: folder === undefined ? undefined : resolve(folder),
    force: options.isOn('force-conflicts'),
    timeoutMs: durationOf(options, 'timeout', 1_000),
    isApplied: options.isOn('apply'),
  }
}

/** A gateway that runs elsewhere has no image here, and renews its certificate by running this again. */
function forElsewhere(options: GatewayOptionValues): GatewayOptionValues {
  const fixed: Readonly<Record<string, string>> = { image: 'none', renewal: 'external' }
  return { ...options, text: (name) => fixed[name] ?? options.text(name) }
}

function modeOf(options: GatewayOptionValues): ImpersonationMode | undefined {
  const mode = options.text('impersonation')
  return mode === 'constrained' || mode === 'classic' ? mode : undefined
}

function servingOf(options: GatewayOptionValues): ServingChoice {
  const certFile = options.text('tls-cert')
  const keyFile = options.text('tls-key')
  if (certFile === undefined && keyFile === undefined) return { kind: 'secret' }
  if (certFile === undefined || keyFile === undefined) {
    throw invalid('--tls-cert and --tls-key belong together.', 'Give both files.')
  }
  if (options.text('tls-secret') !== servingSecretName) {
    throw invalid(
      'Either --tls-cert and --tls-key, or --tls-secret, and not both.',
      `The files are put into the Secret ${servingSecretName}.`,
    )
  }
  return { kind: 'files', certFile: resolve(certFile), keyFile: resolve(keyFile) }
}

function refuseContradictions(options: GatewayOptionValues): void {
  const chosen = ['print', 'uninstall'].filter((name) => options.isOn(name))
  if (chosen.length > 1 || (options.isOn('print') && options.isOn('apply'))) {
    throw invalid(
      'Only one of --print, --apply and --uninstall can be done.',
      'Only --uninstall --apply go together.',
    )
  }
}

function durationOf(options: GatewayOptionValues, name: string, least: number): number {
  const duration = parseDuration(options.text(name) ?? '')
  if (duration !== undefined && duration >= least) return duration
  throw invalid(
    `The option --${name} is not a duration of at least ${least / 1000} seconds.`,
    'Write it as 90s, 10m or 168h.',
  )
}

function invalid(message: string, hint: string): OidcLoginError {
  return new OidcLoginError('usage_invalid', message, { hint })
}
