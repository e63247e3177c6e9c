import { X509Certificate } from 'node:crypto'

/** What is wrong with a text of PEM certificates; undefined when every one of them can be read. */
export function faultOfCertificates(pem: string): string | undefined {
  const blocks = pem.match(certificateBlock) ?? []
  if (blocks.length === 0) return 'There is no PEM certificate (-----BEGIN CERTIFICATE-----) here.'
  for (const [index, block] of blocks.entries()) {
    try {
      new X509Certificate(block)
    } catch {
      return `Certificate ${index + 1} of ${blocks.length} cannot be read.`
    }
  }
  return undefined
}

const certificateBlock = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g
