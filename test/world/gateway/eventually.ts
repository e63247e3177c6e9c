/** Waits until something is so: what is observed happens in another process. The test's time limit ends it. */
export async function eventually(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 20))
}
