import { X509Certificate } from 'node:crypto'
import { type Check, type Finding, failed, ok, warning } from '../../../findings/index.ts'
import { inspectTls } from '../../../system/index.ts'
import { certificateFacts } from '../../certificate/index.ts'
import { renewalTimes } from '../../renewal/index.ts'
import type { DoctorContext } from '../context.ts'

const hourMs = 60 * 60 * 1000
const dayMs = 24 * hourMs

/** Of others we know no more than their end: one that is sooner is worth a word. */
const soonMs = 14 * dayMs

interface Ending {
  readonly what: string
  /** In milliseconds since the epoch. */
  readonly at: number
  /** From when on it is near, likewise. */
  readonly nearAt: number
}

/** Do the files of certificates, keys and tokens fit, and how long do they last? */
export const certificatesCheck: Check<DoctorContext> = {
  name: 'certificates',
  needs: ['configuration'],
  async run(context) {
    const { serving, access } = context.material()
    const { credential } = access
    const endings: Ending[] = [
      endingOf('the serving certificate', endOf(serving.certificate)),
      ...(credential.kind === 'certificate' ? [clientEnding(credential.certificate)] : []),
      ...(await serverEnding(context)),
    ]
    return findingOf(endings, context.system.clock.now())
  },
}

/** The token of the gateway: bound ones last an hour and are renewed in their file. */
export const credentialCheck: Check<DoctorContext> = {
  name: 'credential',
  needs: ['certificates'],
  async run(context) {
    const { access, credentialExpiresAt } = context.material()
    const now = context.system.clock.now()
    if (access.credential.kind === 'certificate') return ok('A client certificate.')
    if (credentialExpiresAt === undefined) {
      return warning(
        'A token that does not say when it ends. Whoever gets hold of it keeps it.',
        'Use a bound token: a projected volume, or TokenRequest with an expiration.',
      )
    }
    const minutes = Math.round((credentialExpiresAt - now) / 60_000)
    if (minutes <= 0) {
      return failed(
        'The token has expired.',
        'Nobody renews the file; mount a projected volume, which the kubelet renews.',
      )
    }
    return ok(`A token that lasts for another ${minutes} minutes.`)
  },
}

async function serverEnding({ material, system }: DoctorContext): Promise<readonly Ending[]> {
  const { server, serverName, certificateAuthority } = material().access
  const url = new URL(server)
  const probe = await inspectTls({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 443 : Number(url.port),
    certificateAuthorities: [certificateAuthority],
    serverName,
    env: system.env,
    timeoutMs: 10_000,
  })
  const [own] = probe.kind === 'done' ? probe.value.chain : []
  return own ? [endingOf('the certificate of the API server', own.expiresAt)] : []
}

function endingOf(what: string, at: number): Ending {
  return { what, at, nearAt: at - soonMs }
}

/** It may last for days only, and is renewed long before: a tenth of its life is near. */
function clientEnding(pem: string): Ending {
  const facts = certificateFacts(pem)
  return {
    what: 'the client certificate for the API server',
    at: facts.notAfter,
    nearAt: renewalTimes(facts).nearEndAt,
  }
}

function findingOf(endings: readonly Ending[], now: number): Finding {
  const lines = endings.map(({ what, at, nearAt }) => {
    const end = new Date(at).toISOString().slice(0, 10)
    if (at <= now) return `${what} ended on ${end}`
    return `${what} lasts until ${end}${now >= nearAt ? `, ${daysOf(at - now)}` : ''}`
  })
  if (endings.some(({ at }) => at <= now)) {
    return failed('A certificate has ended.', 'Renew it.', lines)
  }
  if (endings.some(({ nearAt }) => now >= nearAt)) {
    return warning('A certificate ends soon.', 'Renew it, unless something does by itself.', lines)
  }
  return ok('Keys and certificates fit, and last.', lines)
}

function endOf(pem: string): number {
  return Date.parse(new X509Certificate(pem).validTo)
}

function daysOf(durationMs: number): string {
  const days = Math.floor(durationMs / dayMs)
  return days > 2 ? `${days} days` : `${Math.floor(durationMs / hourMs)} hours`
}
