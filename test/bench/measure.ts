import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onPath } from '../../tools/e2e/on-path.ts'
import { CannotMeasure, type Side, summarize } from './report/index.ts'

/** A command that is timed as a whole process. */
export interface Contestant {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Added to the environment. */
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * Times commands in turn, round by round, as whole processes.
 *
 * Bash holds the watch: it starts a process in a fraction of the time that Node.js takes for it, and that time would fall on
 * all contestants alike and make them look alike.
 *
 * @returns in the order of the contestants
 * @throws when one of them fails
 */
export async function measure(
  contestants: readonly Contestant[],
  rounds: number,
): Promise<readonly Side[]> {
  const bash = onPath(['bash'])
  if (bash === undefined) throw new CannotMeasure('needs bash 5 or newer')
  const folder = mkdtempSync(join(tmpdir(), 'oidc-login-watch-'))
  try {
    const results = join(folder, 'results')
    await succeeds(bash, ['-c', scriptFor(contestants, rounds), 'watch', results])
    // The first round only warms the caches of the system.
    const laps = lapsOf(readFileSync(results, 'utf8')).slice(contestants.length)
    return contestants.map(({ name }, index) =>
      sideOf(
        name,
        laps.filter(({ contestant }) => contestant === index),
      ),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function scriptFor(contestants: readonly Contestant[], rounds: number): string {
  const turns = contestants.map(({ name, command, args, environment = {} }, index) => {
    const variables = Object.entries(environment).map(([key, value]) => `${key}=${quote(value)}`)
    const words = [String(index), name, command, ...args].map(quote)
    return [...variables, 'lap', ...words].join(' ')
  })
  return `
[[ -n $EPOCHREALTIME ]] || { echo 'needs bash 5 or newer' >&2; exit 1; }
exec 3>"$1"
lap() {
  local contestant=$1 name=$2; shift 2
  local start=$EPOCHREALTIME
  "$@" </dev/null >/dev/null 2>&1 3>&- || { echo "$name failed with exit code $?" >&2; exit 1; }
  local end=$EPOCHREALTIME
  echo "$contestant \${start/[.,]/} \${end/[.,]/}" >&3
  times >&3
}
for ((round = 0; round <= ${rounds}; round += 1)); do
  ${turns.join('\n  ')}
done
`
}

interface Lap {
  readonly contestant: number
  readonly wallMs: number
  readonly processorMs: number
}

/** Three lines a lap: contestant, start and end in microseconds; times of bash; times of its children so far. */
function lapsOf(text: string): Lap[] {
  const lines = text.trim().split('\n')
  let before = 0
  return Array.from({ length: lines.length / 3 }, (_, index) => {
    const [contestant, start = 0, end = 0] = (lines[3 * index] ?? '').split(' ').map(Number)
    const sum = (lines[3 * index + 2] ?? '')
      .split(' ')
      .map((word) => {
        const [minutes, seconds = ''] = word.split('m')
        return Number(minutes) * 60_000 + Number.parseFloat(seconds.replace(',', '.')) * 1000
      })
      .reduce((user, system) => user + system, 0)
    const processorMs = sum - before
    before = sum
    return { contestant: contestant ?? -1, wallMs: (end - start) / 1000, processorMs }
  })
}

/** Bash tells the processor time in whole milliseconds: ten rounds together are a measurement. */
const batch = 10

function sideOf(name: string, laps: readonly Lap[]): Side {
  const batches = Array.from({ length: Math.floor(laps.length / batch) }, (_, index) =>
    laps.slice(index * batch, (index + 1) * batch),
  )
  const processor = batches.map((all) => all.reduce((sum, lap) => sum + lap.processorMs, 0) / batch)
  return {
    name,
    unit: 'ms',
    summary: summarize(laps.map(({ wallMs }) => wallMs)),
    ...(processor.length > 0 ? { processorMs: summarize(processor) } : {}),
  }
}

/** Not synchronously: a contestant may be served by this process. */
async function succeeds(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const exitCode = await new Promise((done) => child.once('close', done))
  if (exitCode !== 0) throw new Error(complaint.trim())
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
