/** How often each contestant is measured, beside the round that warms up. */
export const rounds = 8

/** How long traffic lasts in a round. */
export const seconds: number = Number(process.env.BENCH_SECONDS ?? 2)
