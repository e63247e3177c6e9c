import type { Sample } from './samples/sample.ts'
import type { Variant } from './variants.ts'

/** A sample whose parts are JSON objects, read as leniently as can be. */
export interface ReadSample {
  readonly variant: Variant
  readonly token: string
  /** Seconds since the epoch. */
  readonly now: number
  /** Header and claims as they were signed. */
  readonly texts: readonly string[]
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** Reads a sample that kube-apiserver has let in. */
export function readSample({ variant, token, header, claims }: Sample, now: number): ReadSample {
  const texts = [header, claims]
  const [readHeader, readClaims] = texts.map((text) => Object(JSON.parse(text)))
  return { variant, token, now, texts, header: readHeader, claims: readClaims }
}

const standard = [
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'nbf',
  'nonce',
  'at_hash',
  '_claim_names',
  '_claim_sources',
]

/** Whether a claim is one of those that go-oidc reads into fields, whose names Go compares without case. */
export function isStandardClaim(name: string): 'as it is' | 'in other letters' | 'no' {
  if (standard.includes(name)) return 'as it is'
  // Unicode's simple folding: the long s is an s, and the Kelvin sign a k.
  const folded = name.toLowerCase().replaceAll('ſ', 's')
  return standard.includes(folded) ? 'in other letters' : 'no'
}

/** The keys of all objects in a JSON text, each as often as it stands there. */
export function keysIn(text: string): readonly string[] {
  return (text.match(/"(?:[^"\\]|\\.)*"\s*:?/g) ?? []).filter((match) => match.endsWith(':'))
}

/** All keys, texts and numbers in a value. */
export function textsIn(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [value]
  return [...Object.keys(value), ...Object.values(value).flatMap(textsIn)]
}

/** How deeply lists and objects stand in each other. */
export function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

/** How many items the longest list or object in a value has. */
export function longestIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const items = Object.values(value)
  return Math.max(items.length, ...items.map(longestIn))
}
