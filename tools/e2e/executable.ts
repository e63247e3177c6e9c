import { mkdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { compile } from '../binaries/compile.ts'
import { ownTarget } from '../binaries/targets.ts'
import type { Found } from './found.ts'

/** Makes the executable of the plugin for this computer. */
export async function findExecutable(): Promise<Found> {
  const target = ownTarget()
  if (target === undefined) return { kind: 'missing', reason: 'there is none for this computer' }
  const folder = resolve('.cache', 'executable')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  try {
    return { kind: 'found', path: (await compile(target, folder)).path }
  } catch (error) {
    return { kind: 'missing', reason: error instanceof Error ? error.message : String(error) }
  }
}
