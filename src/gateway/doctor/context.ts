import type { System } from '../../system/index.ts'
import type { LoadedConfiguration } from '../config/index.ts'
import type { Configurations } from '../rights/index.ts'
import type { Material } from '../server/index.ts'
import type { ApiClient } from './api-client.ts'

/** What the checks look at. What cannot be read throws when it is asked for. */
export interface DoctorContext {
  readonly system: System
  loaded(): LoadedConfiguration
  material(): Material
  /** The API server, asked with the credential of the gateway. */
  api(): ApiClient
  /** Who the gateway is there; asked once. */
  self(): Promise<Self>
}

/** What the checks of rights look at. */
export interface RightsContext extends Pick<DoctorContext, 'api' | 'self'> {
  loaded(): Configurations
}

/** The gateway, as the API server sees it. */
export interface Self {
  readonly username: string
  readonly groups: readonly string[]
  /** Namespace and name of its ServiceAccount; undefined for another kind of user. */
  readonly serviceAccount: { readonly namespace: string; readonly name: string } | undefined
}
