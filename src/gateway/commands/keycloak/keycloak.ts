import { resolve } from 'node:path'
import { printable } from '../../../printable.ts'
import type { System } from '../../../system/index.ts'
import {
  type AdminApi,
  adminApi,
  type Connection,
  carryOut,
  connectTo,
  itemsFor,
  type Planned,
  planFor,
  realmImport,
  refuseChosenNames,
  rivalMappers,
  type Wish,
} from '../../keycloak/index.ts'
import { readCertificates } from '../../server/index.ts'
import type { GatewayOptionValues } from '../command-spec.ts'
import { administratorOf, secretOf } from './administrator.ts'
import { configurationSettings, printConfiguration } from './configuration.ts'
import { keycloakUrlOf, wishOf } from './wish.ts'

/**
 * `keycloak`: makes or repairs realm, client, mapper, groups and test user by the Admin REST API, and
 * prints the configuration of a gateway for them. Without `--apply` it shows what it would do.
 *
 * @throws OidcLoginError `usage_invalid`, `file_unreadable`, `certificate_invalid`,
 *   `terminal_unavailable`, `sign_in_refused`, `client_refused`, `administration_refused`,
 *   `realm_unsuitable`, `change_not_kept`, those of the connection, and `interrupted`
 */
export async function keycloak(system: System, options: GatewayOptionValues): Promise<void> {
  const wish = wishOf(options)
  if (options.isOn('print')) return printImport(system, wish)
  const file = options.text('certificate-authority')
  const authority = file === undefined ? undefined : readCertificates(system, resolve(file))
  const settings = configurationSettings(system, options, wish, authority)
  const { connection, api } = await reach(system, options, wish, authority)
  if (options.text('username-claim') === 'preferred_username') {
    await refuseChosenNames(api, wish.realm)
  }
  const plan = await planFor(
    itemsFor(api, wish, async () => await testUserPassword(system, options, wish)),
  )
  const isDone = plan.every(({ change }) => change === undefined)
  if (!isDone && !options.isOn('apply')) {
    system.terminal.stderr(`${connection.base}, what is to be done:`)
    for (const planned of plan) tell(system, planned, planned.change?.kind ?? 'unchanged')
    system.terminal.stderr('Nothing was changed. Run it again with --apply to do it.')
    return
  }
  await carryOutAll(system, plan)
  await warnOfRivals(system, api, wish)
  await printConfiguration(system, { connection, api, wish, settings })
}

interface Reached {
  readonly connection: Connection
  readonly api: AdminApi
}

async function reach(
  system: System,
  options: GatewayOptionValues,
  { realm }: Wish,
  authority: string | undefined,
): Promise<Reached> {
  const url = keycloakUrlOf(options)
  const adminRealm = options.text('admin-realm') ?? 'master'
  const certificateAuthorities = authority === undefined ? [] : [authority]
  const connection = await connectTo(system, { url, certificateAuthorities }, adminRealm)
  const place = `${new URL(url).host}, realm ${adminRealm}`
  const administrator = await administratorOf(system, options, place)
  return { connection, api: await adminApi(connection, { administrator, adminRealm, realm }) }
}

function printImport(system: System, wish: Wish): void {
  system.terminal.stdout(`${JSON.stringify(realmImport(wish), undefined, 2)}\n`)
  system.terminal.stderr(
    'Import it with "kc.sh import --file FILE", or under "Create realm". It is for a realm that is not there yet.',
  )
  if (wish.testUser !== undefined) {
    system.terminal.stderr(`The user ${wish.testUser} has no password in it: set one afterwards.`)
  }
}

const done = { create: 'created', change: 'changed' } as const

async function carryOutAll(system: System, plan: readonly Planned[]): Promise<void> {
  // Everything is asked before anything is done.
  for (const { item, change } of plan) if (change) await item.prepare?.()
  for (const planned of plan) {
    const { item, change } = planned
    if (change) await carryOut(item)
    tell(system, planned, change ? done[change.kind] : 'unchanged')
  }
}

async function testUserPassword(
  system: System,
  options: GatewayOptionValues,
  { testUser }: Wish,
): Promise<string> {
  return await secretOf(system, options, {
    name: 'test-user-password',
    question: `Password for the new user ${testUser}: `,
  })
}

function tell(system: System, { item, change }: Planned, state: string): void {
  system.terminal.stderr(`  ${state.padEnd(9)} ${item.name}`)
  for (const { path, before, after } of change?.differences ?? []) {
    // What is made shows its settings before, and not again afterwards.
    if (state === 'create') system.terminal.stderr(`              ${path}: ${after}`)
    if (change?.kind === 'change') {
      system.terminal.stderr(`              ${path}: ${before} -> ${after}`)
    }
  }
}

async function warnOfRivals(system: System, api: AdminApi, { clientId }: Wish): Promise<void> {
  for (const mapper of await rivalMappers(api, clientId)) {
    system.terminal.stderr(
      `warning: The ${printable(mapper)} also writes a claim that tells who somebody is. Take it away, unless you know why it is there.`,
    )
  }
}
