const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60 * 1000,
  h: 60 * 60 * 1000,
}

const bytes: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KiB: 1024,
  MiB: 1024 * 1024,
  GiB: 1024 * 1024 * 1024,
}

/**
 * Reads a duration as Go writes them: `30s`, `5m`, `1h30m`, `250ms`, and `0`.
 *
 * @returns milliseconds; undefined when it is none
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  if (!/^(\d{1,9}(ms|h|m|s))+$/.test(text)) return undefined
  let total = 0
  for (const [, digits, unit] of text.matchAll(/(\d+)(ms|h|m|s)/g)) {
    total += Number(digits) * (milliseconds[unit ?? ''] ?? 0)
  }
  return total
}

/**
 * Reads a size: `65536`, `64KiB`, `1MiB`.
 *
 * @returns bytes; undefined when it is none
 */
export function parseSize(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,12})(B|KiB|MiB|GiB)?$/.exec(text) ?? []
  if (digits === undefined) return undefined
  return Number(digits) * (bytes[unit ?? ''] ?? 1)
}
