import { join } from 'node:path'
import { type Running, startServer } from './running.ts'
import type { Stage } from './stage.ts'

/**
 * Starts a stand-in for an API server that knows watches and tunnels, in a process of its own.
 *
 * @param eventSeconds how long a watch is silent between two events of 1 KB; for ever by default
 */
export async function startStreamServer(stage: Stage, eventSeconds = 0): Promise<Running> {
  const program = join(import.meta.dirname, 'stream-server-program.ts')
  return await startServer(
    {
      name: 'the stream server',
      command: process.execPath,
      args: ['--import', 'tsx', program, stage.certFile, stage.keyFile, `${eventSeconds}`],
      log: join(stage.folder, 'stream-server.log'),
    },
    async (said) => {
      const port = /^port (\d+)$/m.exec(said)?.[1]
      return port === undefined ? undefined : Number(port)
    },
  )
}
