import { printable } from '../../printable.ts'
import { type CertificateFacts, inspectTls, type TlsFacts } from '../../system/index.ts'
import { type Check, type Finding, noProvider, skipped } from '../check.ts'
import { placeOf, proxyProbe } from '../place.ts'

/** Whether the provider's certificate is trusted; if not, which one in the chain is to blame. */
export const tlsCheck: Check = {
  name: 'tls',
  needs: ['tcp', 'proxy'],
  async run({ provider, system }) {
    if (provider === undefined) return noProvider
    const place = placeOf(system, provider)
    const { host, port, isSecure } = place
    if (!isSecure) return skipped('The issuer speaks plain http.')
    const probe = await inspectTls({
      host,
      port,
      certificateAuthorities: provider.certificateAuthorities,
      serverName: provider.tlsServerName,
      env: system.env,
      timeoutMs: provider.requestTimeoutMs,
      through: proxyProbe(system, place, provider),
    })
    if (probe.kind === 'failed') {
      return {
        verdict: 'failed',
        message: `${host}:${port} does not speak TLS as expected (${probe.code}).`,
        remedy: 'Check the port in --oidc-issuer-url, and programs in between that open TLS.',
      }
    }
    const now = system.clock.now()
    const finding = judge(probe.value, host, now)
    if (!provider.insecureSkipTlsVerify) return finding
    return {
      verdict: 'warning',
      message: `The certificate is not verified (--insecure-skip-tls-verify). ${finding.message}`,
      remedy: finding.remedy ?? 'The certificate is trusted: remove --insecure-skip-tls-verify.',
    }
  },
}

/** Certificates are renewed long before the last tenth of their life, however short that is. */
function endsSoon({ beginsAt, expiresAt }: CertificateFacts, now: number): boolean {
  return expiresAt - now < (expiresAt - beginsAt) / 10
}

function judge({ protocol, problem, chain }: TlsFacts, host: string, now: number): Finding {
  const shown = chain.map(describe).join(' ← ')
  if (problem !== undefined) {
    return {
      verdict: 'failed',
      message: `The certificate of ${host} is not trusted (${problem}). The chain: ${shown}.`,
      remedy: remedyOf(problem, chain, now),
    }
  }
  const ending = chain.find((certificate) => endsSoon(certificate, now))
  const message = `${protocol}, trusted: ${shown}.`
  if (ending === undefined) return { verdict: 'ok', message }
  return {
    verdict: 'warning',
    message: `${message} "${printable(ending.subject)}" ends on ${dateOf(ending)}.`,
    remedy: 'Tell the operator of the provider to renew it.',
  }
}

function describe(certificate: CertificateFacts): string {
  const { subject, issuer } = certificate
  const by = subject === issuer ? 'issued by itself' : `issued by "${printable(issuer)}"`
  return `"${printable(subject)}" (${by}, until ${dateOf(certificate)})`
}

function dateOf({ expiresAt }: CertificateFacts): string {
  return Number.isFinite(expiresAt) ? new Date(expiresAt).toISOString().slice(0, 10) : 'unknown'
}

function remedyOf(problem: string, chain: readonly CertificateFacts[], now: number): string {
  const [own] = chain
  const last = chain.at(-1)
  if (problem === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `It was issued for ${printable(own?.names ?? 'other names')}. Use one of these names in --oidc-issuer-url.`
  }
  if (problem === 'CERT_HAS_EXPIRED') {
    const expired = chain.find(({ expiresAt }) => expiresAt < now) ?? own
    return `"${printable(expired?.subject ?? '')}" has expired. Check the clock of this computer, and tell the operator of the provider.`
  }
  if (problem === 'CERT_NOT_YET_VALID') return 'Check the clock of this computer.'
  if (own !== undefined && own.subject === own.issuer) {
    return 'The server signed its certificate itself. Get that certificate from its operator, and give its file with --certificate-authority.'
  }
  const authority = printable(last?.issuer ?? 'its issuer')
  return `Give the certificate of "${authority}" with --certificate-authority. If that is a public authority, the server does not send its intermediate certificates: tell its operator.`
}
