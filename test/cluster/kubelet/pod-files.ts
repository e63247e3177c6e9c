import { join } from 'node:path'
import { textAt } from '../../world/api/json.ts'
import type { ApiClient } from '../api-client.ts'
import { adaptFile, type PodPlace } from './adapt.ts'
import { writeAtomically } from './atomic-folder.ts'
import type { PodFacts } from './pod-facts.ts'
import { serviceAccountTokens } from './service-account-tokens.ts'
import { filesOf } from './volumes.ts'

/** The files of a pod. */
export interface PodFiles {
  /** Writes what has changed. Rejects when an object is missing. */
  write(): Promise<void>
  /** The same, with new tokens of the service account. */
  renew(): Promise<void>
}

/** The volumes of a pod, mounted below its root. */
export function podFiles(api: ApiClient, pod: PodFacts, place: PodPlace): PodFiles {
  const tokens = serviceAccountTokens(api, pod)
  const sources = {
    api,
    pod,
    token: tokens.token,
    adapt: (text: string) => adaptFile(text, place),
  }
  async function write(): Promise<void> {
    for (const { volume: name, folder } of pod.container.mounts) {
      const volume = pod.volumes.find((each) => textAt(each, 'name') === name)
      if (volume === undefined) throw new Error(`there is no volume ${name}`)
      writeAtomically(join(place.root, folder), await filesOf(sources, volume))
    }
  }
  return {
    write,
    async renew() {
      tokens.forget()
      await write()
    },
  }
}
