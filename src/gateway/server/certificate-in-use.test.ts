import { expect, test } from 'vitest'
import { createAuthority } from '../../../test/world/certificates.ts'
import { signRequest } from '../../../test/world/signer.ts'
import { createKeyAndRequest } from '../certificate/index.ts'
import { silentLog } from '../operations/index.ts'
import type { Proof } from '../renewal/index.ts'
import type { UpstreamCertificate } from '../upstream/index.ts'
import { certificateInUse } from './certificate-in-use.ts'
import type { Material } from './material.ts'

const authority = await createAuthority()

/** A certificate that began so many minutes ago. */
async function aged(minutes: number, name = 'gateway'): Promise<UpstreamCertificate> {
  const { key, request } = createKeyAndRequest(name)
  const notBefore = new Date(Date.now() - minutes * 60_000)
  const certificate = await signRequest(authority, request, { notBefore })
  return { kind: 'certificate', certificate, key }
}

function holding(credential: Material['access']['credential']): Material {
  return {
    serving: { certificate: '', key: '' },
    access: {
      server: 'https://api',
      serverName: undefined,
      certificateAuthority: authority.certPem,
      credential,
    },
    servingExpiresAt: 0,
    credentialExpiresAt: undefined,
    files: [],
  }
}

/** A decider whose proofs a test answers, in their order. */
function decider() {
  const answers: ((proof: Proof) => void)[] = []
  const certificates = certificateInUse(
    async () => await new Promise((resolve) => answers.push(resolve)),
    silentLog,
  )
  return { certificates, answers }
}

const accepted: Proof = { kind: 'accepted', username: 'gateway' }
const settled = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve))

test('a token of the files is used at once', () => {
  const { certificates, answers } = decider()
  const read = holding({ kind: 'token', token: 'new' })
  const inUse = holding({ kind: 'token', token: 'old' })
  expect(certificates.afterReading(inUse, read, () => undefined)).toBe(read)
  expect(answers).toEqual([])
})

test('of two changes of the files the later one counts, whichever is answered first', async () => {
  const { certificates, answers } = decider()
  const [first, second, third] = [await aged(30), await aged(20), await aged(10)]
  const taken: UpstreamCertificate[] = []
  const read = (certificate: UpstreamCertificate): Material =>
    certificates.afterReading(holding(first), holding(certificate), (one) => void taken.push(one))
  expect(read(second).access.credential).toBe(first)
  expect(read(third).access.credential).toBe(first)
  answers[1]?.(accepted)
  answers[0]?.(accepted)
  await settled()
  expect(taken).toEqual([third])
})

test('without an answer the files count', async () => {
  const { certificates, answers } = decider()
  const taken: UpstreamCertificate[] = []
  const next = await aged(10)
  certificates.afterReading(holding(await aged(30)), holding(next), (one) => void taken.push(one))
  answers[0]?.({ kind: 'unknown', why: 'unreachable' })
  await settled()
  expect(taken).toEqual([next])
})

test('a renewal ends the trial of what the files held before', async () => {
  const { certificates, answers } = decider()
  const [first, second, renewed] = [await aged(30), await aged(20), await aged(10)]
  const taken: UpstreamCertificate[] = []
  certificates.afterReading(holding(first), holding(second), (one) => void taken.push(one))
  expect(certificates.afterRenewal(holding(first), renewed).access.credential).toBe(renewed)
  answers[0]?.(accepted)
  await settled()
  expect(taken).toEqual([])
})

test('a renewed certificate that is handed on late does not replace a younger one', async () => {
  const { certificates } = decider()
  const [renewed, younger] = [await aged(20), await aged(10)]
  const inUse = holding(younger)
  expect(certificates.afterRenewal(inUse, renewed)).toBe(inUse)
})

test('after a renewal older files are ignored, unless they are for another name or the way is another', async () => {
  const { certificates, answers } = decider()
  const [old, renewed, other] = [await aged(30), await aged(10), await aged(30, 'another')]
  const inUse = certificates.afterRenewal(holding(old), renewed)
  const read = (certificate: UpstreamCertificate): unknown =>
    certificates.afterReading(inUse, holding(certificate), () => undefined).access.credential
  expect([read(old), answers.length]).toEqual([renewed, 0])
  expect([read(other), answers.length]).toEqual([renewed, 1])
  certificates.forget()
  expect([read(old), answers.length]).toEqual([renewed, 2])
})
