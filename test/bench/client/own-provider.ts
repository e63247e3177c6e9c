import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** An embedded provider that runs in a process of its own. */
export interface OwnProvider {
  readonly issuer: string
  /** Certificate of its authority. */
  readonly caPem: string
  stop(): Promise<void>
}

/** Starts it. */
export async function startOwnProvider(): Promise<OwnProvider> {
  const program = fileURLToPath(new URL('provider-process.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(() => Promise.reject(new Error('the provider ended'))),
  ])
  const { issuer, caPem } = JSON.parse(String(line))
  return {
    issuer,
    caPem,
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}
