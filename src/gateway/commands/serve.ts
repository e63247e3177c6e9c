import { OidcLoginError } from '../../errors.ts'
import { aborted, processors } from '../../system/index.ts'
import type { GatewayConfiguration, LoadedConfiguration } from '../config/index.ts'
import { primaryMetrics } from '../metrics/index.ts'
import { type GatewayLog, jsonLog, type StopWatching, watchFiles } from '../operations/index.ts'
import {
  auditSink,
  createGateway,
  type Documents,
  type Gateway,
  listening,
  loadMaterial,
  renewForWorkers,
} from '../server/index.ts'
import { answerPrimary, auditStreamOfWorker, isWorker, runPrimary } from '../workers/index.ts'
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
    for (const { path, message, remedy } of loaded.remarks) {
      system.terminal.stderr(`warning: ${path}: ${message} ${remedy}`)
    }
    system.terminal.stdout('The configuration is good, and its files can be used.\n')
    return
  }
  const log = jsonLog({ write: (line) => system.terminal.stderr(line.trimEnd()) })
  if (!isWorker()) tellRemarks(log, loaded)
  const { workers } = loaded.gateway
  const count = workers === 'auto' ? processors() : workers
  if (isWorker()) await serveAsWorker(system, options, log, loaded)
  else if (count > 1) await serveByWorkers(system, options, log, loaded, count)
  else await serveAlone(system, options, log, loaded)
}

async function serveAlone(
  system: GatewaySystem,
  options: GatewayOptionValues,
  log: GatewayLog,
  loaded: LoadedConfiguration,
): Promise<void> {
  const { auditStream } = system
  const starting = createGateway({ ...documentsOf(loaded), system, log, auditStream })
  const stopWatching = watchConfiguration(starting, log, loaded, () =>
    documentsOf(configurationOf(system, options)),
  )
  const gateway = await starting
  const { port, operationsPort = 0 } = await gateway.listen()
  log.info('The gateway listens.', { port, operationsPort })
  await aborted(system.interrupted)
  stopWatching()
  log.info('A signal ends the gateway; what is under way may end first.')
  await gateway.drain()
  log.info('The gateway has ended.')
}

/** Files are looked at before anybody is hired: what is wrong with them is said once. */
async function serveByWorkers(
  system: GatewaySystem,
  options: GatewayOptionValues,
  log: GatewayLog,
  loaded: LoadedConfiguration,
  count: number,
): Promise<void> {
  const { gateway: configuration } = loaded
  loadMaterial(system, configuration)
  const { renewal: observer, metrics } = primaryMetrics()
  await runPrimary({
    configuration,
    count,
    clock: system.clock,
    log,
    sink: await auditSink(configuration.audit, system.auditStream, log),
    listening: async (listen) => await listening(configuration.operations, listen),
    interrupted: system.interrupted,
    keepRenewed: async (hand, signal) =>
      await renewForWorkers(
        { system, log, configuration: lastGood(system, options, loaded), observer, hand },
        signal,
      ),
    metrics,
  })
}

/** The configuration as it stands in its files now; the last good one while they hold another. */
function lastGood(
  system: GatewaySystem,
  options: GatewayOptionValues,
  loaded: LoadedConfiguration,
): () => GatewayConfiguration {
  let last = loaded.gateway
  return () => {
    try {
      last = configurationOf(system, options).gateway
    } catch {
      // The workers have told why it is refused.
    }
    return last
  }
}

async function serveAsWorker(
  system: GatewaySystem,
  options: GatewayOptionValues,
  log: GatewayLog,
  loaded: LoadedConfiguration,
): Promise<void> {
  const starting = createGateway({
    ...documentsOfWorker(loaded),
    system,
    log,
    auditStream: auditStreamOfWorker(),
    isWorker: true,
  })
  const stopWatching = watchConfiguration(starting, log, loaded, () =>
    documentsOfWorker(configurationOf(system, options)),
  )
  const gateway = await starting
  const { port } = await gateway.listen()
  const drain = answerPrimary(gateway, port)
  // A signal to the whole group of processes reaches the primary, too, which then asks for the drain.
  await aborted(drain)
  stopWatching()
  await gateway.drain()
}

/** The primary process writes the audit log, and has waited before it asks for the drain. */
function documentsOfWorker(loaded: LoadedConfiguration): Documents {
  const { configuration, authentication } = documentsOf(loaded)
  const { audit, operations } = configuration
  return {
    authentication,
    configuration: {
      ...configuration,
      audit: { ...audit, sink: audit.sink === 'none' ? 'none' : 'stdout' },
      operations: { ...operations, drainDelayMs: 0 },
    },
  }
}

function documentsOf({ gateway, authentication }: LoadedConfiguration): Documents {
  return { configuration: gateway, authentication }
}

/** What is unwise in the configuration is said at each start, until somebody mends it. */
function tellRemarks(log: GatewayLog, { remarks }: LoadedConfiguration): void {
  for (const { id, path, message, remedy } of remarks) {
    log.warn(`${message} ${remedy}`, { remark: id, path })
  }
}

/** Watches from before the gateway starts, which may take seconds: what changes then takes effect then. */
function watchConfiguration(
  starting: Promise<Gateway>,
  log: GatewayLog,
  { files }: LoadedConfiguration,
  read: () => Documents,
): StopWatching {
  return watchFiles(files, () => {
    // A gateway that could not start has said why.
    starting.then((gateway) => reload(gateway, log, read)).catch(() => undefined)
  })
}

/** Takes a changed configuration into force, or says why not and goes on with the old one. */
function reload(gateway: Gateway, log: GatewayLog, read: () => Documents): void {
  try {
    const restart = gateway.replace(read())
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
