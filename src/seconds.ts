/** A duration in words, in whole seconds: `1 second`, `180 seconds`. Less than none is none. */
export function inSeconds(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000))
  return seconds === 1 ? '1 second' : `${seconds} seconds`
}
