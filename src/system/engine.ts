/**
 * Lets the JavaScript engine compile what runs often. An executable starts without it, because the thread
 * that compiles costs more than it could save in a cached `get-token`; Node.js starts with it.
 */
export function compileFromNowOn(): void {
  compileAt(1)
}

/**
 * Leaves the code as it is by now. What is left of a sign-in runs once: its compiling would never be paid back, and takes a
 * processor from whoever it waits for. Nothing changes in Node.js.
 */
export function compileNoMore(): void {
  compileAt(1_000)
}

function compileAt(scale: number): void {
  const { Bun: bun } = globalThis as { readonly Bun?: Bun }
  bun?.unsafe.setJITPolicy(scale)
}

/** What of Bun's own functions is used: the scale of the thresholds for compiling, 1 as usual. */
interface Bun {
  readonly unsafe: { setJITPolicy(scale: number): void }
}
