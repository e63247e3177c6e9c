import { OidcLoginError } from '../../errors.ts'
import type { System } from '../../system/index.ts'
import type { LoadedConfiguration } from '../config/index.ts'
import { type GatewayLog, jsonLog, watchFiles } from '../operations/index.ts'
import { createGateway, type Documents, type Gateway, loadMaterial } from '../server/index.ts'
import type { GatewayOptionValues, GatewaySystem } from './command-spec.ts'
import { configurationOf } from './configuration-of.ts'

/**
 * `serve`: runs the gateway until SIGTERM or SIGINT, lets what is under way end, and returns.
 *
 * @throws OidcLoginError for a configuration that cannot be used; later ones are refused in the log
 */
export async function serve(system: GatewaySystem, options: GatewayOptionValues): Promise<void> {
  const loaded = configurationOf(system, options)
  if (options.isOn('check')) {
    loadMaterial(system, loaded.gateway)
    system.terminal.stdout('The configuration is good, and its files can be used.\n')
    return
  }
  const log = jsonLog({ write: (line) => system.terminal.stderr(line.trimEnd()) })
  const gateway = await createGateway({
    ...documentsOf(loaded),
    system,
    log,
    auditStream: system.auditStream,
  })
  const { port, operationsPort } = await gateway.listen()
  log.info('The gateway listens.', { port, operationsPort })
  const stopWatching = watchFiles(loaded.files, () => reload(gateway, log, system, options))
  await interruption(system.interrupted)
  stopWatching()
  log.info('A signal ends the gateway; what is under way may end first.')
  await gateway.drain()
  log.info('The gateway has ended.')
}

function documentsOf({ gateway, authentication }: LoadedConfiguration): Documents {
  return { configuration: gateway, authentication }
}

/** Takes a changed configuration into force, or says why not and goes on with the old one. */
function reload(
  gateway: Gateway,
  log: GatewayLog,
  system: System,
  options: GatewayOptionValues,
): void {
  try {
    const restart = gateway.replace(documentsOf(configurationOf(system, options)))
    log.info('The configuration was read again and is in force.')
    if (restart.length > 0) {
      log.warn('Some changed fields take effect only after a restart.', { fields: restart })
    }
  } catch (error) {
    gateway.configurationFailed()
    const reason = error instanceof OidcLoginError ? error.message : 'unexpected error'
    log.error('The changed configuration is refused; the old one stays in force.', { reason })
  }
}

async function interruption(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
