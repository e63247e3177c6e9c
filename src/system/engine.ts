/**
 * Lets the JavaScript engine compile what runs often. An executable starts without it, because the thread
 * that compiles costs more than it could save in a cached `get-token`; Node.js starts with it.
 */
export function compileFromNowOn(): void {
  const { Bun: bun } = globalThis as { readonly Bun?: Bun }
  bun?.unsafe.setJITPolicy(1)
}

/** What of Bun's own functions is used: the scale of the thresholds for compiling, 1 as usual. */
interface Bun {
  readonly unsafe: { setJITPolicy(scale: number): void }
}
