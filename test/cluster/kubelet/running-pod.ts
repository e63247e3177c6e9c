import { mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BoundProcess, startBound } from '../../e2e/bound-process.ts'
import { nodeFlagsOfImage } from '../../package/containerfile.ts'
import { gatewayPath } from '../../world/gateway/program-path.ts'
import type { ApiClient } from '../api-client.ts'
import { adaptText, type PodPlace } from './adapt.ts'
import type { PodFacts } from './pod-facts.ts'
import { podFiles } from './pod-files.ts'
import { type PodState, podStatus } from './pod-status.ts'
import { answersWell } from './probe.ts'
import { statusReporter } from './status-reporter.ts'

/** A pod that runs as a process of the built gateway. */
export interface RunningPod {
  readonly facts: PodFacts
  /** Address in 127.0.0.0/8. */
  readonly address: string
  /** File with everything that the process prints. */
  readonly log: string
  /** Brings its files up to date with their objects, and its tokens, as time would. */
  refresh(): Promise<void>
  /** Ends the process: it has so many seconds to do so itself. */
  end(graceSeconds: number): Promise<void>
}

const probeEveryMs = 200
const filesEveryMs = 2000
const restartAfterMs = 1000

/** Runs a pod until it is ended, and tells the API server how it is. */
export function runPod(api: ApiClient, facts: PodFacts, place: PodPlace): RunningPod {
  const path = `/api/v1/namespaces/${facts.namespace}/pods/${facts.name}`
  const reporter = statusReporter(api, path)
  const files = podFiles(api, facts, place)
  const log = join(place.root, 'log')
  mkdirSync(place.root, { recursive: true })
  let running: BoundProcess | undefined
  let isEnding = false
  let restarts = 0

  const tell = (state: PodState): void =>
    reporter.report(podStatus(facts, place.address, state, restarts))

  async function furnish(): Promise<void> {
    while (!isEnding) {
      try {
        return await files.write()
      } catch (error) {
        tell({ kind: 'waiting', reason: 'ContainerCreating', message: String(error) })
        await sleep(probeEveryMs)
      }
    }
  }

  async function live(): Promise<void> {
    await furnish()
    while (!isEnding) {
      running = startProcess(facts, place, log)
      await Promise.all([running.ended, observe(running)])
      if (isEnding) break
      restarts += 1
      tell({ kind: 'waiting', reason: 'CrashLoopBackOff', message: 'The process has ended.' })
      await sleep(restartAfterMs)
    }
  }

  async function observe({ child }: BoundProcess): Promise<void> {
    const startedAt = new Date().toISOString()
    const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
    const { readiness } = facts.container
    let told: boolean | undefined
    let failures = 0
    let filesAt = Date.now() + filesEveryMs
    while (isRunning()) {
      const isGood = readiness === undefined || (await answersWell(place.address, readiness))
      failures = isGood ? 0 : failures + 1
      const isReady = isGood || (told === true && failures < (readiness?.failureThreshold ?? 1))
      if (isReady !== told) tell({ kind: 'running', isReady, startedAt })
      told = isReady
      if (Date.now() > filesAt) {
        // An object that is missing now, or an API server that is away, changes nothing.
        await files.write().catch(() => undefined)
        filesAt = Date.now() + filesEveryMs
      }
      await sleep(probeEveryMs)
    }
  }

  const life = live()
  return {
    facts,
    address: place.address,
    log,
    refresh: files.renew,
    async end(graceSeconds) {
      isEnding = true
      const timer = setTimeout(() => running?.send('KILL'), graceSeconds * 1000)
      running?.send('TERM')
      await life
      clearTimeout(timer)
      reporter.stop()
    },
  }
}

function startProcess({ container }: PodFacts, place: PodPlace, log: string): BoundProcess {
  const args = container.args.map((arg) => adaptText(arg, place))
  return startBound(process.execPath, [...nodeFlagsOfImage(), gatewayPath, ...args], {
    output: openSync(log, 'a', 0o600),
    env: { PATH: process.env.PATH, HOME: place.root },
  })
}
