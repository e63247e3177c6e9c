import type { TestProject } from 'vitest/node'
import { openDesk } from '../e2e/desk.ts'
import { startControlPlane } from './control-plane.ts'
import { programs } from './programs.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where to ask for the cluster that all files share. */
    clusterDesk: string
  }
}

/** The shared cluster starts once a run, and only when a test asks for it. @returns what ends it */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!programs) return undefined
  const desk = await openDesk(async () => {
    const { server, folder, hasControllers, stop } = await startControlPlane()
    return { facts: { server, folder, hasControllers }, stop }
  })
  project.provide('clusterDesk', desk.url)
  return desk.close
}
