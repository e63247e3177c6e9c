import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { Running } from '../servers/running.ts'
import type { Flow } from './tunnel.ts'

/** Which way the bytes go. */
export type Direction = 'from the pod' | 'to the pod'

/** What `kubectl exec` is to move. */
export interface ExecOptions {
  readonly kubectl: string
  readonly kubeconfig: string
  readonly pod: string
  readonly direction: Direction
  readonly megabytes: number
}

const megabyte = 1_000_000

/**
 * Moves bytes by `kubectl exec`, as `kubectl cp` does. The clock runs from the first byte that comes out, or goes in, to
 * the end of kubectl: what its start takes is no throughput.
 *
 * @param server whose processor time counts
 * @throws when kubectl fails, or not all bytes came
 */
export async function kubectlExec(server: Running, options: ExecOptions): Promise<Flow> {
  const { direction, megabytes } = options
  const before = server.usage().processorMs
  const tookMs = direction === 'from the pod' ? await download(options) : await upload(options)
  return {
    megabytesPerSecond: megabytes / (tookMs / 1000),
    processorMs: (server.usage().processorMs - before) / megabytes,
  }
}

async function download(options: ExecOptions): Promise<number> {
  const bytes = options.megabytes * megabyte
  const child = start(options, ['head', '-c', `${bytes}`, '/dev/zero'])
  let startedAt: number | undefined
  let received = 0
  child.stdout.on('data', (data: Buffer) => {
    startedAt ??= performance.now()
    received += data.length
  })
  await ended(child)
  if (startedAt === undefined || received !== bytes) throw new Error(`${received} bytes came`)
  return performance.now() - startedAt
}

/** kwok never ends the input of a command, so it is the command that knows how much comes. */
async function upload(options: ExecOptions): Promise<number> {
  const bytes = options.megabytes * megabyte
  const child = start(options, ['sh', '-c', `echo ready; head -c ${bytes} | wc -c`])
  let said = ''
  let startedAt = Number.NaN
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (said === '') {
      startedAt = performance.now()
      pourZeros(child.stdin, bytes)
    }
    said += text
  })
  await ended(child)
  if (!said.includes(`${bytes}`)) throw new Error(`the pod got something else: ${said}`)
  return performance.now() - startedAt
}

function start({ kubectl, kubeconfig, pod }: ExecOptions, command: readonly string[]) {
  const args = [`--kubeconfig=${kubeconfig}`, 'exec', '-i', pod, '--', ...command]
  return spawn(kubectl, args, { stdio: ['pipe', 'pipe', 'inherit'] })
}

function pourZeros(to: Writable, bytes: number): void {
  const chunk = Buffer.alloc(64 * 1024)
  let left = bytes
  const pour = (): void => {
    while (left > 0) {
      const next = chunk.subarray(0, Math.min(left, chunk.length))
      left -= next.length
      if (!to.write(next)) return
    }
    to.end()
  }
  to.on('drain', pour).on('error', () => undefined)
  pour()
}

async function ended(child: ChildProcess): Promise<void> {
  const [exitCode] = await once(child, 'close')
  if (exitCode !== 0) throw new Error(`kubectl exec ended with ${exitCode}`)
}
