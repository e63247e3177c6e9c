import { X509Certificate } from 'node:crypto'
import { type Check, type Finding, failed, ok, warning } from '../../../findings/index.ts'
import { inspectTls } from '../../../system/index.ts'
import type { DoctorContext } from '../context.ts'

const dayMs = 24 * 60 * 60 * 1000

/** A certificate that ends sooner is worth a word. */
const soonDays = 14

interface Ending {
  readonly what: string
  /** In milliseconds since the epoch. */
  readonly at: number
}

/** Do the files of certificates, keys and tokens fit, and how long do they last? */
export const certificatesCheck: Check<DoctorContext> = {
  name: 'certificates',
  needs: ['configuration'],
  async run(context) {
    const { serving, access, credentialExpiresAt } = context.material()
    const { credential } = access
    const endings: Ending[] = [
      { what: 'the serving certificate', at: endOf(serving.certificate) },
      ...(credential.kind === 'certificate' && credentialExpiresAt !== undefined
        ? [{ what: 'the client certificate for the API server', at: credentialExpiresAt }]
        : []),
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
  return own ? [{ what: 'the certificate of the API server', at: own.expiresAt }] : []
}

function findingOf(endings: readonly Ending[], now: number): Finding {
  const lines = endings.map(({ what, at }) => {
    const days = Math.floor((at - now) / dayMs)
    const end = new Date(at).toISOString().slice(0, 10)
    if (at <= now) return `${what} ended on ${end}`
    return `${what} lasts until ${end}${days < soonDays ? `, ${days} days` : ''}`
  })
  const first = Math.min(...endings.map(({ at }) => at))
  if (first <= now) return failed('A certificate has ended.', 'Renew it.', lines)
  if (first - now < soonDays * dayMs) {
    return warning('A certificate ends soon.', 'Renew it, unless something does by itself.', lines)
  }
  return ok('Keys and certificates fit, and last.', lines)
}

function endOf(pem: string): number {
  return Date.parse(new X509Certificate(pem).validTo)
}
