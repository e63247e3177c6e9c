/**
 * What is to be done at the end of this turn of the event loop, in its order. Requests and answers are written
 * then: whoever reads them finds several when it wakes up, instead of being woken for each. Under load that is
 * a fifth of the processor time of everybody (docs/decisions/0016-writes-at-the-end-of-a-turn.md).
 */
let pending: (() => void)[] = []

/** Does something when everything that has come has been read, and before anything else is waited for. */
export function atEndOfTurn(work: () => void): void {
  if (pending.push(work) === 1) setImmediate(run)
}

function run(): void {
  const works = pending
  pending = []
  let done = 0
  try {
    for (const work of works) {
      done += 1
      work()
    }
  } finally {
    // A fault in one must not keep the others waiting for ever.
    for (const work of works.slice(done)) atEndOfTurn(work)
  }
}
