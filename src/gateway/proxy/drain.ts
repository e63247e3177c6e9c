import type { Desk } from './desk.ts'
import type { Listener } from './listener.ts'

/** Between two looks at connections that have become idle. */
const lookMs = 250
/** How long an idle connection may bring one more request, which is answered with `Connection: close`. */
const idleGraceMs = 2_000
/** Between two looks whether all that has ended has been told. */
const tellMs = 5
/** How long the last bytes may take. */
const farewellMs = 1_000

/**
 * Lets everything end by itself that does: clients lose no answer, and ask elsewhere next time. Watches
 * end where an event ends, because their clients will simply begin again; other streams and tunnels are
 * somebody's session and are kept as long as there is time.
 */
export async function drain(
  desk: Pick<Desk, 'clock' | 'connections' | 'isDraining'>,
  listener: Pick<Listener, 'stopAccepting'>,
  timeoutMs: number,
): Promise<void> {
  const { clock } = desk
  const until = clock.now() + timeoutMs
  desk.isDraining = true
  let isQuiet = false
  const quiet = listener.stopAccepting().then(() => {
    isQuiet = true
  })
  for (const { running } of desk.connections.all()) {
    if (running?.isWatch) running.cut?.('drained', true)
  }
  const graceUntil = Math.min(until, clock.now() + idleGraceMs)
  while (!isQuiet && clock.now() < until) {
    if (clock.now() >= graceUntil) closeIdle(desk)
    await Promise.race([quiet, clock.sleep(Math.min(lookMs, timeoutMs))])
  }
  if (isQuiet) {
    await allTold(desk)
    return
  }
  cutAll(desk)
  closeIdle(desk)
  await Promise.race([quiet, clock.sleep(farewellMs)])
}

/** All connections have ended by themselves, and what was upon them with them; some are told of it a moment later. */
async function allTold({ clock, connections }: Pick<Desk, 'clock' | 'connections'>): Promise<void> {
  const until = clock.elapsed() + farewellMs
  while (!connections.all().next().done && clock.elapsed() < until) await clock.sleep(tellMs)
}

function closeIdle(desk: Pick<Desk, 'connections'>): void {
  for (const { running, socket } of desk.connections.all()) {
    if (running === undefined) socket.destroySoon()
  }
}

function cutAll(desk: Pick<Desk, 'connections'>): void {
  for (const { socket, running } of desk.connections.all()) {
    if (running?.cut) {
      running.cut('drained', false)
    } else if (running) {
      running.gone('drained')
      socket.destroy()
    }
  }
}
