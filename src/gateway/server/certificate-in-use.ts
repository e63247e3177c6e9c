import { certificateFacts } from '../certificate/index.ts'
import type { GatewayLog } from '../operations/index.ts'
import type { Proof } from '../renewal/index.ts'
import type { UpstreamAccess, UpstreamCertificate } from '../upstream/index.ts'
import type { Material } from './material.ts'

/** Decides between the client certificate in use, the one in the files, and one that was renewed. */
export interface CertificateInUse {
  /**
   * What is to be in force after files were read again. Another certificate is tried before it is used:
   * until then the one in use stays.
   *
   * @param take gets the certificate of the files when it has not been refused
   */
  afterReading(
    inUse: Material,
    read: Material,
    take: (certificate: UpstreamCertificate) => void,
  ): Material
  /** What is to be in force after a renewal; what is in use stays when it is younger than the renewed one. */
  afterRenewal(inUse: Material, certificate: UpstreamCertificate): Material
  /** From now on the files count, whatever they hold: the way to the API server is another one. */
  forget(): void
}

/** Makes the decider of one gateway. @param prove tries a credential; never rejects */
export function certificateInUse(
  prove: (access: UpstreamAccess) => Promise<Proof>,
  log: GatewayLog,
): CertificateInUse {
  let isRenewed = false
  /** Only the last answer counts: files may change again while one is awaited. */
  let attempt = 0

  async function tryFirst(access: UpstreamAccess, use: () => void): Promise<void> {
    attempt += 1
    const own = attempt
    const proof = await prove(access)
    if (own !== attempt) return
    if (proof.kind === 'refused') {
      log.error(
        'The API server does not accept the client certificate that stands in the files now; the one in use stays in use.',
      )
      return
    }
    // Without an answer nothing speaks for the old one, either.
    isRenewed = false
    use()
  }

  return {
    afterReading(inUse, read, take) {
      const offered = read.access.credential
      const offer = offerOf(inUse.access, read.access, isRenewed)
      if (offer === 'take' || offered.kind !== 'certificate') return read
      if (offer === 'try') void tryFirst(read.access, () => take(offered))
      return withCredentialOf(read, inUse)
    },
    afterRenewal(inUse, certificate) {
      const { credential } = inUse.access
      if (
        credential.kind === 'certificate' &&
        isOlder(certificate.certificate, credential.certificate)
      ) {
        return inUse
      }
      attempt += 1
      isRenewed = true
      return withCertificate(inUse, certificate)
    },
    forget() {
      attempt += 1
      isRenewed = false
    },
  }
}

/** What is in use, but with this certificate. */
export function withCertificate(inUse: Material, certificate: UpstreamCertificate): Material {
  return {
    ...inUse,
    access: { ...inUse.access, credential: certificate },
    credentialExpiresAt: certificateFacts(certificate.certificate).notAfter,
  }
}

function withCredentialOf(read: Material, { access, credentialExpiresAt }: Material): Material {
  return { ...read, access: { ...read.access, credential: access.credential }, credentialExpiresAt }
}

/**
 * Only where this process has renewed its certificate can files lag behind: a mounted Secret follows after
 * a minute. Whatever else an operator puts into them is meant.
 */
function offerOf(
  inUse: UpstreamAccess,
  read: UpstreamAccess,
  isRenewed: boolean,
): 'take' | 'keep' | 'try' {
  const ours = inUse.credential
  const theirs = read.credential
  if (ours.kind !== 'certificate' || theirs.kind !== 'certificate') return 'take'
  if (inUse.server !== read.server || ours.certificate === theirs.certificate) return 'take'
  return isRenewed && isOlder(theirs.certificate, ours.certificate) ? 'keep' : 'try'
}

/** Whether a certificate is one for the same name that is not younger than the other. */
export function isOlder(certificate: string, than: string): boolean {
  const one = certificateFacts(certificate)
  const other = certificateFacts(than)
  return (
    one.commonName !== undefined &&
    one.commonName === other.commonName &&
    one.notBefore <= other.notBefore
  )
}
