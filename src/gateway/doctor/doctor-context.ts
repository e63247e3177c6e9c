import type { System } from '../../system/index.ts'
import type { LoadedConfiguration } from '../config/index.ts'
import { loadMaterial, type Material } from '../server/index.ts'
import { type ApiClient, apiClient } from './api-client.ts'
import type { DoctorContext, Self } from './context.ts'
import { askSelf } from './self.ts'

/** Makes what the checks look at. @param load reads the configuration; may throw */
export function doctorContext(system: System, load: () => LoadedConfiguration): DoctorContext {
  let loaded: LoadedConfiguration | undefined
  let material: Material | undefined
  let client: ApiClient | undefined
  let self: Promise<Self> | undefined
  const context: DoctorContext = {
    system,
    loaded() {
      loaded ??= load()
      return loaded
    },
    material() {
      material ??= loadMaterial(system, context.loaded().gateway)
      return material
    },
    api() {
      client ??= apiClient(system, context.material().access)
      return client
    },
    async self() {
      self ??= askSelf(context.api())
      return await self
    },
  }
  return context
}
