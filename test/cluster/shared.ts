import { inject } from 'vitest'
import { type Cluster, clusterAt } from './cluster.ts'

/** The cluster that all files of a run share; it is started for the first who asks. */
export async function sharedCluster(): Promise<Cluster> {
  const answer = await fetch(inject('clusterDesk'))
  if (!answer.ok) throw new Error(await answer.text())
  const { server, folder, hasControllers } = Object(await answer.json())
  return clusterAt({ server, folder, hasControllers })
}
