const wanted = Number(process.env.BENCH_ROUNDS ?? 100)

/** How often things are done, by how long they take; `BENCH_ROUNDS` raises and lowers all of it. */
export const rounds = {
  getToken: wanted,
  kubectl: Math.ceil(wanted / 2),
  signIn: Math.ceil(wanted / 3),
} as const
